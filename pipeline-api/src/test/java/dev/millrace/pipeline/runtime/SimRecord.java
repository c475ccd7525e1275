package dev.millrace.pipeline.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record of the simulated source, with all that the world knows to have become of it, over all runs. */
final class SimRecord {

    final SimPartition partition;
    final long offset;
    final @Nullable Object key;
    /** Among all of the world. */
    final int number;

    /** Sinks and the values that they must come to hold. */
    @Nullable
    List<SimSight> expected;

    /** What sinks hold. */
    final Set<SimSight> held = new HashSet<>();

    /** Values that stages have reported as failed, for a cause of their own. */
    final Set<SimSight> failures = new HashSet<>();

    /** Places of the stages that have failed with a value that was in a list with one of it. */
    final Set<Integer> sharedFailures = new HashSet<>();

    /** Places of the stages that have skipped something of it. */
    final Set<Integer> skips = new HashSet<>();

    /** Whether a dead letter of it is stored. */
    boolean isDeadLettered;

    /** Whether another instance has seen to it. */
    boolean isDoneElsewhere;

    /** Whether somebody has repaired what made it fail. */
    boolean isRepaired;

    SimRecord(SimPartition partition, long offset, @Nullable Object key, int number) {
        this.partition = partition;
        this.offset = offset;
        this.key = key;
        this.number = number;
    }

    @Override
    public String toString() {
        return partition.name + "@" + offset;
    }
}
