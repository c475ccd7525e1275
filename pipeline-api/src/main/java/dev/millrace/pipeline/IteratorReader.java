package dev.millrace.pipeline;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads an iterator to its end. */
final class IteratorReader<T> implements SourceReader<T> {

    private final Iterator<? extends T> iterator;
    private final int pollLimit;
    private long offset;
    private boolean isExhausted;
    private @Nullable RuntimeException failure;

    IteratorReader(Iterator<? extends T> iterator, int pollLimit) {
        this.iterator = Objects.requireNonNull(iterator, "iterator");
        this.pollLimit = pollLimit;
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) {
        RuntimeException known = failure;
        if (known != null) {
            throw known;
        }
        List<PipelineRecord<T>> records = new ArrayList<>();
        try {
            while (records.size() < pollLimit && iterator.hasNext()) {
                records.add(PipelineRecord.of(iterator.next(), SinglePartition.NAME, offset));
                offset++;
            }
            isExhausted = records.size() < pollLimit;
        } catch (RuntimeException after) {
            if (records.isEmpty()) {
                throw after;
            }
            // What came before is written all the same.
            failure = after;
        }
        return records;
    }

    @Override
    public boolean isExhausted() {
        return isExhausted;
    }
}
