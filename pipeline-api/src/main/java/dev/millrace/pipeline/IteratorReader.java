package dev.millrace.pipeline;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** Reads an iterator to its end. */
final class IteratorReader<T> implements SourceReader<T> {

    private final Iterator<? extends T> iterator;
    private final int pollLimit;
    private long offset;
    private boolean isExhausted;

    IteratorReader(Iterator<? extends T> iterator, int pollLimit) {
        this.iterator = Objects.requireNonNull(iterator, "iterator");
        this.pollLimit = pollLimit;
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) {
        List<PipelineRecord<T>> records = new ArrayList<>();
        while (records.size() < pollLimit && iterator.hasNext()) {
            records.add(PipelineRecord.of(iterator.next(), SinglePartition.NAME, offset++));
        }
        isExhausted = records.size() < pollLimit;
        return records;
    }

    @Override
    public boolean isExhausted() {
        return isExhausted;
    }
}
