package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What a sink makes of batches, without an engine around it. */
final class Writing {

    private Writing() {}

    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    static <T> WriteResult write(Sink<T> sink, T... values) throws Exception {
        return writeAll(sink, List.of(values));
    }

    static <T> WriteResult writeAll(Sink<T> sink, Collection<? extends T> values) throws Exception {
        try (SinkWriter<T> writer = sink.open(TestContext.CONTEXT)) {
            return batch(writer, values);
        }
    }

    /** One batch. What fails as a whole throws what the engine would see. */
    static <T> WriteResult batch(SinkWriter<T> writer, Collection<? extends T> values) throws Exception {
        List<PipelineRecord<T>> batch = new ArrayList<>();
        for (T value : values) {
            batch.add(PipelineRecord.of(value, "0", batch.size()));
        }
        try {
            return writer.write(batch).toCompletableFuture().get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
