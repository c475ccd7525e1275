package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes of a source without an engine around it, where thousands of them are read. */
record Outcome<R, T>(
        List<PipelineRecord<R>> raw,
        List<T> values,
        List<String> refused,
        @Nullable Exception failure) {

    static <R, T> Outcome<R, T> of(DecodedSource<R, T> source) throws Exception {
        List<PipelineRecord<R>> raw = new ArrayList<>();
        List<T> values = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Exception failure = null;
        try (SourceReader<R> reader = source.raw().open(TestContext.CONTEXT)) {
            while (!reader.isExhausted()) {
                raw.addAll(reader.poll(Duration.ZERO));
            }
        } catch (Exception e) {
            failure = e;
        }
        for (PipelineRecord<R> record : raw) {
            try {
                values.add(source.decoder().decode(record));
            } catch (RefusedRecordException e) {
                refused.add(e.getMessage());
            }
        }
        return new Outcome<>(raw, values, refused, failure);
    }

    String problem() {
        return failure == null ? "none" : String.valueOf(failure.getMessage());
    }
}
