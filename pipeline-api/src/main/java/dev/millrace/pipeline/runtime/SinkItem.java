package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.AbstractList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One value to be written. */
final class SinkItem {

    final Flight flight;
    final PipelineRecord<Object> record;
    final long since;
    SinkLanes.@Nullable Lane lane;

    /** The batch that it was last in. */
    @Nullable
    SinkBatch batch;

    @Nullable
    Throwable lastFailure;

    int failures;
    /** Whether a batch has it, so that its lane is busy with it. */
    boolean isTaken;
    /** Whether it has missed its deadline. */
    boolean isOver;

    SinkItem(Flight flight, PipelineRecord<Object> record, long since) {
        this.flight = flight;
        this.record = record;
        this.since = since;
    }

    /** A view, for nothing is to be done for each record where nobody looks at it. */
    static List<PipelineRecord<?>> records(List<SinkItem> items) {
        return new AbstractList<>() {
            @Override
            public PipelineRecord<?> get(int index) {
                return items.get(index).record;
            }

            @Override
            public int size() {
                return items.size();
            }
        };
    }
}
