package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.OffsetRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A partition of the simulated source: its log, what is committed of it, and who reads it from where. */
final class SimPartition {

    final String name;
    final List<SimRecord> log = new ArrayList<>();

    /** The first offset not committed. */
    long committed;
    /** What was committed as done beyond it. */
    List<OffsetRun> committedRuns = List.of();

    // Of the present assignment.
    boolean isAssigned;
    boolean isPaused;
    int epoch;
    long start;
    long lastCommit;
    /** Index in the log of what comes next. */
    int position;
    /** One past the last offset polled. */
    long polled;
    /** One past the last offset handed out. */
    long handedOut;
    /** The first offset not done, and what is done beyond, as the engine has told. */
    long done;

    List<OffsetRun> beyond = List.of();
    /** What a former assignment has committed as done. */
    private List<OffsetRun> doneBefore = List.of();
    /** What of that has come again and was not handed out. */
    private final List<OffsetRun> passedOver = new ArrayList<>();

    SimPartition(String name) {
        this.name = name;
    }

    void assign(int newEpoch) {
        isAssigned = true;
        isPaused = false;
        epoch = newEpoch;
        start = committed;
        lastCommit = committed;
        polled = committed;
        handedOut = committed;
        done = committed;
        beyond = List.of();
        doneBefore = committedRuns;
        passedOver.clear();
        position = 0;
        while (position < log.size() && log.get(position).offset < committed) {
            position++;
        }
    }

    /** The next record, or {@code null} if it was done before. */
    @Nullable
    SimRecord next() {
        SimRecord record = log.get(position++);
        polled = record.offset + 1;
        if (holds(doneBefore, record.offset)) {
            passedOver.add(new OffsetRun(record.offset, record.offset));
            return null;
        }
        handedOut = polled;
        return record;
    }

    /** What to commit: the position once all that was handed out is done; never less than was committed before. */
    long toCommit() {
        return Math.max(lastCommit, done >= handedOut ? Math.max(done, polled) : done);
    }

    /** What to keep with it. */
    List<OffsetRun> runsToCommit() {
        List<OffsetRun> runs = new ArrayList<>(beyond);
        runs.addAll(passedOver);
        runs.removeIf(run -> run.to() < toCommit());
        for (OffsetRun run : doneBefore) {
            if (run.to() >= polled) {
                runs.add(new OffsetRun(Math.max(run.from(), polled), run.to()));
            }
        }
        return runs;
    }

    static boolean holds(List<OffsetRun> runs, long offset) {
        return runs.stream().anyMatch(run -> run.from() <= offset && offset <= run.to());
    }

    boolean hasMore() {
        return position < log.size();
    }

    /** One past its last record. */
    long end() {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).offset + 1;
    }

    boolean isDone() {
        return committed >= end();
    }
}
