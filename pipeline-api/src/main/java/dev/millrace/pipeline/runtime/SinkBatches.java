package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.BatchPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a sink that wait, and when they go as a batch: when it is full, when its oldest value has waited for
 * the maximum age, or, where that is zero or nothing may wait any more, at the end of the cycle. Batches that come
 * again go before new ones. Belongs to one worker.
 */
class SinkBatches {

    private final Worker worker;
    private final BatchPolicy policy;
    private final long maxAgeNanos;
    private final Runnable send;
    private final SinkLanes lanes = new SinkLanes();
    private final ArrayDeque<SinkBatch> again = new ArrayDeque<>();
    private final BackOffs<SinkBatch> backOffs;
    private Timers.@Nullable Timer ageTimer;

    /**
     * Makes one.
     *
     * @param send is run whenever a batch may have become due by the time alone
     */
    SinkBatches(Worker worker, BatchPolicy policy, Runnable send) {
        this.worker = worker;
        this.policy = policy;
        this.maxAgeNanos = Nanos.of(policy.maxAge());
        this.send = send;
        this.backOffs = new BackOffs<>(worker, batch -> {
            again.addLast(batch);
            send.run();
        });
    }

    SinkLanes lanes() {
        return lanes;
    }

    /** Whether so many values wait that they need not wait for others. */
    boolean isFull() {
        return lanes.available() >= policy.maxRecords();
    }

    /** Whether a batch is to go now. */
    boolean hasNext() {
        if (!again.isEmpty()) {
            return true;
        }
        if (lanes.available() == 0) {
            return false;
        }
        if (isFull() || maxAgeNanos == 0 || worker.isHurried() || worker.isOutOfRoom()) {
            return true;
        }
        long due = lanes.oldest() + maxAgeNanos;
        if (due - worker.now() <= 0) {
            return true;
        }
        if (ageTimer == null) {
            ageTimer = worker.timers.at(due, () -> {
                ageTimer = null;
                send.run();
            });
        }
        return false;
    }

    SinkBatch next() {
        return again.isEmpty() ? new SinkBatch(lanes.take(policy.maxRecords())) : again.remove();
    }

    void comeAgain(SinkBatch batch, long delayNanos) {
        backOffs.add(batch, delayNanos);
    }

    /** Those that come again, but not yet. */
    Collection<SinkBatch> backingOff() {
        return backOffs.all();
    }

    /** None of its values is to come again. */
    void forget(SinkBatch batch) {
        backOffs.remove(batch);
    }

    /**
     * Has it come again in halves. Both may be under way at once, so that lanes must not have values in both: of a lane
     * in both, the second one's go back to wait.
     */
    void comeAgainInHalves(SinkBatch batch) {
        int half = batch.items.size() / 2;
        SinkBatch first = new SinkBatch(new ArrayList<>(batch.items.subList(0, half)));
        List<SinkItem> others = new ArrayList<>();
        List<SinkItem> overtaken = new ArrayList<>();
        Set<Object> firstLanes = new HashSet<>();
        first.items.forEach(item -> lanes.noteIfOrdered(item, firstLanes));
        for (SinkItem item : batch.items.subList(half, batch.items.size())) {
            (firstLanes.contains(item.lane) ? overtaken : others).add(item);
        }
        lanes.putBack(overtaken);
        if (!others.isEmpty()) {
            again.addFirst(new SinkBatch(others));
        }
        again.addFirst(first);
    }
}
