package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;

/** What an aggregate tells in one round, until every sink has it. It stands for no record of the source. */
final class AggregateFlight extends Flight {

    private final Runnable whenDone;

    /** @param partition stands for the aggregate; nobody assigns or commits it */
    AggregateFlight(Partition partition, PipelineRecord<?> raw, long since, Runnable whenDone) {
        super(partition, raw, since);
        this.whenDone = whenDone;
    }

    @Override
    void ended() {
        whenDone.run();
    }

    @Override
    boolean isOfSource() {
        return false;
    }
}
