package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a generator, as much as a poll may bring. */
final class GeneratorReader<T> implements SourceReader<T> {

    private final ThrowingSupplier<? extends T> generator;
    private final int pollLimit;
    private long offset;
    private boolean isFinished;
    private @Nullable Exception failure;

    GeneratorReader(ThrowingSupplier<? extends T> generator, int pollLimit) {
        this.generator = generator;
        this.pollLimit = pollLimit;
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
        Exception known = failure;
        if (known != null) {
            failure = null;
            throw known;
        }
        List<PipelineRecord<T>> records = new ArrayList<>(pollLimit);
        if (isFinished) {
            return records;
        }
        try {
            while (records.size() < pollLimit) {
                records.add(PipelineRecord.of(generator.get(), SinglePartition.NAME, offset));
                offset++;
            }
        } catch (Exception after) {
            if (records.isEmpty()) {
                throw after;
            }
            // What was generated before must not be lost for it.
            failure = after;
        }
        return records;
    }

    /** It holds nothing but what is asked of it, so it ends here. */
    @Override
    public boolean finish() {
        isFinished = true;
        return true;
    }

    @Override
    public boolean isExhausted() {
        return isFinished;
    }
}
