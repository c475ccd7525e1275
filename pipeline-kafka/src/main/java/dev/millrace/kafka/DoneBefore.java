package dev.millrace.kafka;

import dev.millrace.pipeline.spi.OffsetRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which records a former owner of a partition had done, to be passed over, and which have been. A log that was
 * truncated since may hold others at their offsets; these were written under a leader epoch greater than any before,
 * and are not taken for them.
 */
final class DoneBefore {

    private final int epoch;
    private final List<OffsetRun> runs;
    private final List<OffsetRun> passedOver = new ArrayList<>();
    private int next;
    private long read = -1;
    private boolean isWithinARun;

    DoneBefore(CommitMetadata.Done done) {
        this.epoch = done.epoch();
        this.runs = done.runs();
    }

    /** Whether that record is one of them; offsets ascend from call to call. */
    boolean passesOver(long offset, Optional<Integer> leaderEpoch) {
        read = offset;
        boolean isWithin = holds(offset) && leaderEpoch.isPresent() && leaderEpoch.get() <= epoch;
        if (isWithin && isWithinARun) {
            int last = passedOver.size() - 1;
            passedOver.set(last, new OffsetRun(passedOver.get(last).from(), offset));
        } else if (isWithin) {
            passedOver.add(new OffsetRun(offset, offset));
        }
        isWithinARun = isWithin;
        return isWithin;
    }

    private boolean holds(long offset) {
        while (next < runs.size() && runs.get(next).to() < offset) {
            next++;
        }
        return next < runs.size() && runs.get(next).from() <= offset;
    }

    /**
     * What has been done since, what was passed over, and what has not been read again yet. The first must not be kept
     * without the second: of a record and its predecessor by key the predecessor alone would come again. Of the third
     * nothing is known under a later epoch: where a record of one has been read, other records may stand there.
     */
    List<OffsetRun> with(List<OffsetRun> since, int newestEpoch) {
        List<OffsetRun> all = new ArrayList<>(passedOver);
        all.addAll(since);
        if (newestEpoch <= epoch) {
            runs.stream()
                    .filter(run -> run.to() > read)
                    .map(run -> new OffsetRun(Math.max(run.from(), read + 1), run.to()))
                    .forEach(all::add);
        }
        all.sort(Comparator.comparingLong(OffsetRun::from));
        List<OffsetRun> joined = new ArrayList<>();
        for (OffsetRun run : all) {
            int last = joined.size() - 1;
            if (last >= 0 && run.from() <= joined.get(last).to() + 1) {
                OffsetRun before = joined.get(last);
                joined.set(last, new OffsetRun(before.from(), Math.max(before.to(), run.to())));
            } else {
                joined.add(run);
            }
        }
        return joined;
    }

    /** What holds for {@link #with}: whatever takes the place of one of those records is of a later epoch than this. */
    int epoch(int newestEpoch) {
        return Math.max(epoch, newestEpoch);
    }

    /** How many offsets and runs, for logs. */
    @Override
    public String toString() {
        long offsets = runs.stream().mapToLong(run -> run.to() - run.from() + 1).sum();
        return offsets + " offsets in " + runs.size() + (runs.size() == 1 ? " run" : " runs");
    }
}
