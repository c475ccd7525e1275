package dev.millrace.pipeline.runtime;

import org.jspecify.annotations.Nullable;

/** What an aggregate tells: of a key, or without one of all. */
final class SimTold implements SimItem {

    final @Nullable Object key;
    final SimTally tally;
    private final SimAggregate aggregate;
    /** Which round of which life of the pipeline tells it; 0 before it has left the aggregate. */
    long round;

    SimTold(SimAggregate aggregate, @Nullable Object key, SimTally tally) {
        this.aggregate = aggregate;
        this.key = key;
        this.tally = tally;
    }

    /** The same after a stage. */
    SimTold next() {
        SimTold next = new SimTold(aggregate, key, tally);
        next.round = round;
        return next;
    }

    SimTold without(SimTally some) {
        SimTold rest = new SimTold(aggregate, key, tally.without(some));
        rest.round = round;
        return rest;
    }

    @Override
    public boolean isPoison(SimStage stage, double rate) {
        return aggregate.isPoison(stage, tally, rate);
    }

    @Override
    public void failedAt(SimStage stage) {
        aggregate.failed(stage, tally);
    }

    @Override
    public boolean isUnknownTo(SimStage stage) {
        return false;
    }

    @Override
    public String toString() {
        return (key == null ? "all" : key) + "=" + tally + "/" + round;
    }
}
