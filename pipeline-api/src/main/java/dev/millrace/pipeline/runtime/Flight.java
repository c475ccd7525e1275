package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of the source between its first stage and the moment when all that became of it is done; or several, as a
 * {@link ListFlight}. Whoever takes something of it over holds a token: {@link #retain} before, {@link #release} once.
 * Belongs to its partition's worker.
 */
class Flight {

    final Partition partition;
    final long offset;
    final long since;

    private int attempts;

    boolean isDeadLettered;

    /** Whether something of it has passed a limit, which is waited for. */
    private boolean hasPassed;
    /** Whether a limit has refused something of it: then it is never done, and comes again. */
    private boolean isRefused;
    /** Whether nobody waits for it any more, for it is not to be done. */
    private boolean isLeft;

    /**
     * What it must stay in order with, also once it is done; {@code null} while that is not known, or of no matter to
     * anybody.
     */
    @Nullable
    Object lane;

    private @Nullable PipelineRecord<?> raw;
    private int tokens = 1;
    /** The step that has held something of it for longest, of how many values, and the others where there are any. */
    private @Nullable Step holder;

    private int held;
    private @Nullable Map<Step, Integer> otherHolders;

    Flight(Partition partition, PipelineRecord<?> raw, long since) {
        this.partition = partition;
        this.raw = raw;
        this.offset = raw.offset();
        this.since = since;
    }

    /** The record as the source read it; only while somebody holds a token, or it is not to be done. */
    PipelineRecord<?> raw() {
        return Objects.requireNonNull(raw, "raw record of a flight that has ended");
    }

    void retain() {
        tokens++;
    }

    void release() {
        if (--tokens == 0) {
            ended();
            if (!isRefused) {
                raw = null;
            }
        }
    }

    /** Something of it passes a limit. */
    void pass() {
        hasPassed = true;
    }

    /** A limit has refused something of it. Nobody waits for the rest, but for what has passed. */
    void refuse() {
        isRefused = true;
        if (!hasPassed) {
            leave();
        }
    }

    private void leave() {
        if (!isLeft) {
            isLeft = true;
            partition.leftUndone(this);
        }
    }

    boolean isRefused() {
        return isRefused;
    }

    /** Whether it is neither done nor refused by a limit: then somebody waits for it. */
    boolean isWaitedFor() {
        return !isDone() && !isLeft;
    }

    /** The last token has been given back. */
    void ended() {
        if (isRefused) {
            leave();
        }
        partition.completed(this);
    }

    /** The records of the source that it stands for. */
    List<Flight> records() {
        return List.of(this);
    }

    /** Whether it would end with one token more given back. */
    boolean isDoneButForOne() {
        return tokens == 1;
    }

    /** Whether it stands for records that can be stored as dead letters. */
    boolean isOfSource() {
        return true;
    }

    /** Notes how often a stage has failed with it; for explanations. */
    void attempted(int times) {
        attempts = times;
    }

    int attempts() {
        return attempts;
    }

    /** Notes that a step keeps a value of it for later, for explanations. */
    @SuppressWarnings("ReferenceEquality") // the step itself is meant
    void heldBy(Step step) {
        step.holdsMore();
        if (holder == null || holder == step) {
            holder = step;
            held++;
            return;
        }
        if (otherHolders == null) {
            otherHolders = new LinkedHashMap<>();
        }
        otherHolders.merge(step, 1, Integer::sum);
    }

    /** Ends {@link #heldBy}, once for each. */
    @SuppressWarnings("ReferenceEquality")
    void letGoBy(Step step) {
        step.holdsLess();
        if (holder != step) {
            if (otherHolders != null) {
                otherHolders.computeIfPresent(step, (same, values) -> values == 1 ? null : values - 1);
            }
            return;
        }
        if (--held > 0) {
            return;
        }
        holder = null;
        if (otherHolders != null && !otherHolders.isEmpty()) {
            Map.Entry<Step, Integer> next = otherHolders.entrySet().iterator().next();
            holder = next.getKey();
            held = next.getValue();
            otherHolders.remove(holder);
        }
    }

    @Nullable
    Step holder() {
        return holder;
    }

    boolean isDone() {
        return tokens == 0 && !isRefused;
    }

    SourcePosition position() {
        return new SourcePosition(partition.name, offset);
    }
}
