package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads a generator, as much as a poll may bring. */
final class GeneratorReader<T> implements SourceReader<T> {

    private final ThrowingSupplier<? extends T> generator;
    private final int pollLimit;
    private long offset;

    GeneratorReader(ThrowingSupplier<? extends T> generator, int pollLimit) {
        this.generator = generator;
        this.pollLimit = pollLimit;
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
        List<PipelineRecord<T>> records = new ArrayList<>(pollLimit);
        while (records.size() < pollLimit) {
            records.add(PipelineRecord.of(generator.get(), SinglePartition.NAME, offset++));
        }
        return records;
    }
}
