package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Writes as the engine does. */
@SuppressWarnings("varargs")
final class Writing {

    private Writing() {}

    /** Records in a row, with write timestamps that ascend from the one given. */
    @SafeVarargs
    static <T> List<PipelineRecord<T>> records(long writeTimestamp, T... values) {
        return records(writeTimestamp, Arrays.asList(values));
    }

    static <T> List<PipelineRecord<T>> records(long writeTimestamp, List<T> values) {
        List<PipelineRecord<T>> records = new ArrayList<>();
        for (T value : values) {
            int offset = records.size();
            records.add(PipelineRecord.of(value, "p", offset).forSink(null, value, writeTimestamp + offset));
        }
        return records;
    }

    static <T> WriteResult attempt(SinkWriter<T> writer, List<PipelineRecord<T>> records) throws Exception {
        return writer.write(records).toCompletableFuture().get(5, TimeUnit.MINUTES);
    }

    /** Opens a writer, writes all and expects it to succeed. */
    @SafeVarargs
    static <T> void write(Sink<T> sink, T... values) throws Exception {
        writeAt(1_000_000, sink, Arrays.asList(values));
    }

    static <T> void writeAt(long writeTimestamp, Sink<T> sink, List<T> values) throws Exception {
        assertThat(failures(sink, writeTimestamp, values)).isEmpty();
    }

    @SafeVarargs
    static <T> Map<Integer, Throwable> failures(Sink<T> sink, T... values) throws Exception {
        return failures(sink, 1_000_000, Arrays.asList(values));
    }

    private static <T> Map<Integer, Throwable> failures(Sink<T> sink, long writeTimestamp, List<T> values)
            throws Exception {
        try (SinkWriter<T> writer = sink.open(new TestContext())) {
            return attempt(writer, records(writeTimestamp, values)).failures();
        }
    }
}
