package dev.millrace.kafka;

import dev.millrace.pipeline.spi.Progress;
import java.util.List;
import java.util.Optional;

/**
 * Which records a former owner of a partition had done. A log that was truncated since may hold others at their
 * offsets; these were written under a leader epoch greater than any before, and are not taken for them.
 */
final class DoneBefore {

    private final int epoch;
    private final List<Progress.Run> runs;
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
}
