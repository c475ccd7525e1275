package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/*
 * Writes values in batches.
 *
 * Values queue in lanes; a batch takes what free lanes hold, and those lanes are busy until every value of it is settled:
 * written, or given up. So nothing of a lane overtakes, not even while a value backs off. Where no order is kept, or the
 * writer keeps it by itself, there is one lane that is never busy.
 *
 * A batch goes when it is full, when its oldest value has waited for the maximum age, or, where that is zero or nothing may
 * wait any more, at the end of the cycle; always only if the gate has room. Batches that come again go before new ones.
 *
 * If a write fails as a whole and the record is to blame, the batch is split until that record stands alone, and only then
 * do attempts count. Of a lane in both halves, the second one's values go back to wait. If the system behind the writer is to
 * blame, the batch comes again as it is, without end.
 */
final class SinkStep extends Step {

    private static final int PIPELINED_CONCURRENCY = 16;

    private final SinkWriter<Object> writer;
    private final Gate gate;
    private final BatchPolicy batching;
    private final RetryPolicy retry;
    private final Ordering ordering;
    private final long maxAgeNanos;
    private final long timeoutNanos;
    final WriteCounters writes;
    private final SinkLanes lanes = new SinkLanes();
    private final ArrayDeque<SinkBatch> again = new ArrayDeque<>();
    private final Deadlines<SinkItem> deadlines;
    private boolean isAtGate;
    private boolean isSending;
    private Timers.@Nullable Timer ageTimer;

    SinkStep(Place place, SinkWriter<Object> writer, Gate gate, FailurePolicy onFailure, FailureRouter router) {
        super(place.name, onFailure, router);
        this.writer = writer;
        this.gate = gate;
        this.batching = place.batching;
        this.retry = place.retry;
        this.ordering = writer.isPipelined() ? Ordering.UNORDERED : place.ordering;
        this.maxAgeNanos = Nanos.of(place.batching.maxAge());
        this.timeoutNanos = place.timeoutNanos;
        this.writes = new WriteCounters(worker.now());
        this.deadlines = new Deadlines<>(worker, place.deadlineNanos, this::missed);
    }

    /** What a sink's place in the pipeline says of it. */
    record Place(
            String name,
            BatchPolicy batching,
            RetryPolicy retry,
            Ordering ordering,
            OptionalInt asked,
            long timeoutNanos,
            long deadlineNanos) {

        static Place of(String name, StageOptions options) {
            return new Place(
                    name,
                    options.batch(),
                    options.retry(),
                    options.ordering(),
                    options.concurrency(),
                    Attempt.timeoutNanos(options),
                    Deadlines.nanosOf(options));
        }

        int concurrency(SinkWriter<?> writer) {
            return asked.orElse(writer.isPipelined() ? PIPELINED_CONCURRENCY : 1);
        }
    }

    @Override
    void takeOver(Step former) {
        super.takeOver(former);
        writes.takeOver(((SinkStep) former).writes);
    }

    @Override
    public void accept(Flight flight, @Nullable Object key, Object value) {
        in++;
        @Nullable Object lane;
        try {
            lane = Lanes.of(ordering, flight, key);
        } catch (Throwable failure) {
            giveUp(flight, failure);
            return;
        }
        flight.retain();
        flight.heldBy(this);
        worker.hold(1);
        PipelineRecord<Object> record = flight.raw().forSink(key, value, worker.nextWriteTimestamp());
        SinkItem item = new SinkItem(flight, record, worker.now());
        deadlines.add(item);
        lanes.add(item, lane);
        if (lanes.available() >= batching.maxRecords()) {
            send();
        }
    }

    @Override
    void endOfCycle() {
        send();
    }

    /** Called again from within by writes that are complete at once; the loop goes on instead of the stack. */
    private void send() {
        if (isSending) {
            return;
        }
        isSending = true;
        try {
            while (!isAtGate && hasBatch()) {
                isAtGate = !gate.tryEnter(worker, this::roomAtGate);
                if (!isAtGate) {
                    sendNext();
                }
            }
        } finally {
            isSending = false;
        }
    }

    private void sendNext() {
        SinkBatch batch = again.isEmpty() ? new SinkBatch(lanes.take(batching.maxRecords())) : again.remove();
        batch.items.removeIf(this::isStale);
        if (batch.items.isEmpty()) {
            gate.leave();
        } else {
            write(batch);
        }
    }

    private void roomAtGate() {
        isAtGate = false;
        send();
        gate.tried();
    }

    private boolean hasBatch() {
        if (!again.isEmpty()) {
            return true;
        }
        int available = lanes.available();
        if (available == 0) {
            return false;
        }
        if (available >= batching.maxRecords() || maxAgeNanos == 0 || worker.isHurried() || worker.isLoaded()) {
            return true;
        }
        long due = lanes.oldest() + maxAgeNanos;
        if (due - worker.now() <= 0) {
            return true;
        }
        if (ageTimer == null) {
            ageTimer = worker.timers.at(due, () -> {
                ageTimer = null;
                send();
            });
        }
        return false;
    }

    /**
     * Given up meanwhile; or the partition has gone elsewhere, and writes here would only come on top of those there.
     */
    private boolean isStale(SinkItem item) {
        if (item.isOver) {
            return true;
        }
        if (!item.flight.partition.isClosed()) {
            return false;
        }
        settle(item);
        item.flight.release();
        return true;
    }

    private void write(SinkBatch batch) {
        List<PipelineRecord<Object>> records = new ArrayList<>(batch.items.size());
        for (SinkItem item : batch.items) {
            records.add(item.record);
        }
        long since = worker.engine.environment.nanoTime();
        CompletionStage<WriteResult> result;
        try {
            result = SyncSteps.notNull(writer.write(records));
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
            result = CompletableFuture.failedFuture(failure);
        }
        Attempt<WriteResult> attempt = new Attempt<>(worker, timeoutNanos, (written, failure) -> {
            gate.leave();
            long now = worker.engine.environment.nanoTime();
            writes.add(records.size(), now - since, now);
            batch.attempt = null;
            answered(batch, written, failure);
            send();
        });
        batch.attempt = attempt;
        batch.items.forEach(item -> item.batch = batch);
        attempt.await(result);
    }

    /** A write under way is not waited for once nothing in it is of interest any more. */
    private void missed(SinkItem item) {
        Throwable missed = deadlines.missed(item.lastFailure);
        item.isOver = true;
        if (item.isTaken) {
            settle(item);
        } else {
            lanes.remove(item);
            letGo(item);
        }
        giveUpWithToken(item.flight, missed, Math.max(1, item.failures));
        SinkBatch batch = item.batch;
        if (batch != null && batch.attempt != null && batch.items.stream().allMatch(each -> each.isOver)) {
            batch.attempt.breakOff(missed);
        }
    }

    private void answered(SinkBatch batch, @Nullable WriteResult result, @Nullable Throwable failure) {
        if (failure != null) {
            failedAsAWhole(batch, failure);
        } else if (result == null) {
            failedAsAWhole(batch, new NullPointerException("the writer answered null rather than a WriteResult"));
        } else {
            answered(batch, result.failures());
        }
    }

    /**
     * What a failed value of a lane has overtaken it comes again after it, for the last write to be of the last value.
     */
    private void answered(SinkBatch batch, Map<Integer, Throwable> failures) {
        if (failures.isEmpty() && batch.items.stream().noneMatch(item -> item.isOver)) {
            reached(true);
            tellWritten(batch.items);
            batch.items.forEach(this::written);
            return;
        }
        List<SinkItem> written = new ArrayList<>(batch.items.size());
        List<SinkItem> overtaken = new ArrayList<>();
        SinkBatch unreached = new SinkBatch(new ArrayList<>(), batch.outages);
        Set<Object> failedLanes = new HashSet<>();
        Set<Object> unreachedLanes = new HashSet<>();
        Throwable outage = null;
        for (int i = 0; i < batch.items.size(); i++) {
            SinkItem item = batch.items.get(i);
            if (item.isOver) {
                continue;
            }
            Throwable failure = failures.containsKey(i) ? Failures.unwrapped(failures.get(i)) : null;
            if (failure != null && Failures.isPermanent(failure)) {
                comesAgain(item, failure);
            } else if (failedLanes.contains(item.lane)) {
                overtaken.add(item);
            } else if (unreachedLanes.contains(item.lane)) {
                unreached.items.add(item);
            } else if (failure == null) {
                written.add(item);
            } else if (Failures.isUnavailable(failure)) {
                outage = failure;
                unreached.items.add(item);
                noteIfOrdered(item, unreachedLanes);
            } else if (comesAgain(item, failure)) {
                noteIfOrdered(item, failedLanes);
            }
        }
        lanes.putBack(overtaken);
        tellWritten(written);
        written.forEach(this::written);
        reached(true);
        if (outage != null) {
            unreachable(unreached, outage);
        }
    }

    private void noteIfOrdered(SinkItem item, Set<Object> lanesOfItems) {
        if (lanes.isOrdered(item)) {
            lanesOfItems.add(item.lane);
        }
    }

    private void tellWritten(List<SinkItem> items) {
        if (worker.engine.listeners.isEmpty() || items.isEmpty()) {
            return;
        }
        worker.engine.listeners.onWritten(name, SinkItem.records(items));
    }

    private void failedAsAWhole(SinkBatch batch, Throwable failure) {
        boolean isAlone = batch.items.size() == 1;
        batch.items.removeIf(item -> item.isOver);
        if (batch.items.isEmpty()) {
            return;
        }
        if (Failures.isUnavailable(failure)) {
            unreachable(batch, failure);
        } else if (isAlone) {
            comesAgain(batch.items.get(0), failure);
        } else {
            split(batch);
        }
    }

    /** Both halves may be under way at once, so that lanes must not have values in both. */
    private void split(SinkBatch batch) {
        int half = batch.items.size() / 2;
        SinkBatch first = new SinkBatch(new ArrayList<>(batch.items.subList(0, half)));
        SinkBatch second = new SinkBatch(new ArrayList<>());
        List<SinkItem> overtaken = new ArrayList<>();
        Set<Object> firstLanes = new HashSet<>();
        first.items.forEach(item -> noteIfOrdered(item, firstLanes));
        for (SinkItem item : batch.items.subList(half, batch.items.size())) {
            (firstLanes.contains(item.lane) ? overtaken : second.items).add(item);
        }
        lanes.putBack(overtaken);
        if (!second.items.isEmpty()) {
            again.addFirst(second);
        }
        again.addFirst(first);
    }

    private void unreachable(SinkBatch batch, Throwable cause) {
        unavailable++;
        reached(false);
        batch.outages++;
        long delay = retry.delayNanos(batch.outages, worker.engine.environment.random());
        worker.engine.listeners.onUnavailable(name, delay, cause);
        batch.items.forEach(item -> item.lastFailure = cause);
        later(batch, delay);
    }

    /** Counts a failure of a value; says whether it comes again or is given up. */
    private boolean comesAgain(SinkItem item, Throwable cause) {
        item.failures++;
        item.lastFailure = cause;
        if (Failures.isPermanent(cause) || item.failures >= retry.maxAttempts()) {
            settle(item);
            giveUpWithToken(item.flight, cause, item.failures);
            return false;
        }
        retries++;
        item.flight.attempts = item.failures;
        worker.engine.listeners.onRetry(name, item.flight.position(), item.failures, cause);
        SinkBatch alone = new SinkBatch(new ArrayList<>(List.of(item)));
        later(alone, retry.delayNanos(item.failures, worker.engine.environment.random()));
        return true;
    }

    private void later(SinkBatch batch, long delayNanos) {
        worker.timers.at(worker.now() + delayNanos, () -> {
            again.addLast(batch);
            send();
        });
    }

    private void written(SinkItem item) {
        out++;
        settle(item);
        item.flight.release();
    }

    private void settle(SinkItem item) {
        letGo(item);
        lanes.settled(item);
    }

    private void letGo(SinkItem item) {
        deadlines.remove(item);
        worker.hold(-1);
        item.flight.letGoBy(this);
    }
}
