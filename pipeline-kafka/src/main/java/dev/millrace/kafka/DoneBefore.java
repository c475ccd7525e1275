package dev.millrace.kafka;

import dev.millrace.pipeline.spi.OffsetRun;
import java.util.List;
import java.util.Optional;

/**
 * Which records a former owner of a partition had done. A log that was truncated since may hold others at their
 * offsets; these were written under a leader epoch greater than any before, and are not taken for them.
 */
final class DoneBefore {

    private final int epoch;
    private final List<OffsetRun> runs;
    private int next;

    DoneBefore(CommitMetadata.Done done) {
        this.epoch = done.epoch();
        this.runs = done.runs();
    }

    /** Whether that record is one of them; offsets ascend from call to call. */
    boolean holds(long offset, Optional<Integer> leaderEpoch) {
        while (next < runs.size() && runs.get(next).to() < offset) {
            next++;
        }
        return next < runs.size()
                && runs.get(next).from() <= offset
                && leaderEpoch.isPresent()
                && leaderEpoch.get() <= epoch;
    }

    /** How many offsets and runs, for logs. */
    @Override
    public String toString() {
        long offsets = runs.stream().mapToLong(run -> run.to() - run.from() + 1).sum();
        return offsets + " offsets in " + runs.size() + (runs.size() == 1 ? " run" : " runs");
    }
}
