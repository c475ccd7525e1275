package dev.millrace.parquet;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What a sink makes of batches, without an engine around it. */
final class Writing {

    private Writing() {}

    /** One batch by a writer of its own, as after a restart. */
    static <T> WriteResult write(Sink<T> sink, List<PipelineRecord<T>> records) throws Exception {
        try (SinkWriter<T> writer = sink.open(TestContext.CONTEXT)) {
            return batch(writer, records);
        }
    }

    /** One batch. What fails as a whole throws what the engine would see. */
    static <T> WriteResult batch(SinkWriter<T> writer, List<PipelineRecord<T>> records) throws Exception {
        try {
            return writer.write(records).toCompletableFuture().get(1, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
