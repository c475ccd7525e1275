package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.List;

/** Hands out the same records whenever asked to, so that making records is no part of what is measured. */
final class RepeatedReader<T> implements SourceReader<T> {

    private final List<PipelineRecord<T>> records;
    private boolean isAsked;

    RepeatedReader(List<PipelineRecord<T>> records) {
        this.records = records;
    }

    /** Has the next poll bring them. */
    void again() {
        isAsked = true;
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) {
        boolean isDue = isAsked;
        isAsked = false;
        return isDue ? records : List.of();
    }
}
