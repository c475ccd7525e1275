package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/*
 * Writes values in batches.
 *
 * Values queue in lanes; a batch takes what free lanes hold, and those lanes are busy until every value of it is settled:
 * written, or given up. So nothing of a lane overtakes, not even while a value backs off. Where no order is kept, or the
 * writer keeps it by itself, there is one lane that is never busy. SinkBatches says when a batch is due; it goes only if
 * the gate has room.
 *
 * If a write fails as a whole and the record is to blame, the batch is split until that record stands alone, and only then
 * do attempts count. Of a lane in both halves, the second one's values go back to wait. If the system behind the writer is to
 * blame, the batch comes again as it is, without end.
 */
final class SinkStep extends Step {

    private static final int CONCURRENCY = 16;
    /** A writer that takes many batches does best with all that may be in flight. */
    private static final int PIPELINED = 64;

    private final SinkWriter<Object> writer;
    private final Gate gate;
    private final RetryPolicy retry;
    private final Ordering ordering;
    private final long timeoutNanos;
    final WriteCounters writes;
    private final SinkBatches batches;
    private final Deadlines<SinkItem> deadlines;
    private boolean isAtGate;
    private boolean isSending;

    SinkStep(Place place, SinkWriter<Object> writer, Gate gate, FailurePolicy onFailure, FailureRouter router) {
        super(place.name, onFailure, router);
        this.writer = writer;
        this.gate = gate;
        this.retry = place.retry;
        this.ordering = writer.isPipelined() ? Ordering.UNORDERED : place.ordering;
        this.timeoutNanos = place.timeoutNanos;
        this.writes = new WriteCounters(worker.now());
        this.batches = worker.engine.environment.parts().batches(worker, place.batching, this::send);
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
            int unlessAsked = writer.isPipelined() ? PIPELINED : ordering == Ordering.PER_PARTITION ? 1 : CONCURRENCY;
            return asked.orElse(unlessAsked);
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
        SinkLanes.Lane lane;
        try {
            lane = batches.lanes().lane(Lanes.of(ordering, flight, key));
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
        batches.lanes().add(item, lane);
        if (batches.isFull()) {
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
            while (!isAtGate && batches.hasNext()) {
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
        SinkBatch batch = batches.next();
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
        Attempt<WriteResult> attempt = new Attempt<>(worker, gate, timeoutNanos, (written, failure) -> {
            long now = worker.engine.environment.nanoTime();
            writes.add(records.size(), now - since, now);
            batch.attempt = null;
            answered(batch, written, failure);
            send();
        });
        batch.attempt = attempt;
        attempt.await(result);
    }

    /** A write under way is not waited for once nothing in it is of interest any more. */
    private void missed(SinkItem item) {
        Throwable missed = deadlines.missed(item.lastFailure);
        item.isOver = true;
        if (item.isTaken) {
            settle(item);
        } else {
            takeOut(item);
        }
        giveUpWithToken(item.flight, missed, Math.max(1, item.failures));
        SinkBatch batch = item.batch;
        if (batch == null || !batch.items.stream().allMatch(each -> each.isOver)) {
            return;
        }
        if (batch.attempt == null) {
            batches.forget(batch);
        } else {
            batch.attempt.breakOff(missed);
        }
    }

    /** Nothing of it is written again, or for the first time. */
    @Override
    void closed(Partition partition) {
        for (SinkBatch batch : batches.backingOff()) {
            batch.items.removeIf(this::isStale);
            if (batch.items.isEmpty()) {
                batches.forget(batch);
            }
        }
        batches.lanes().waitingOf(partition).forEach(this::forget);
    }

    /** Of a value that waits, and whose partition has gone. */
    private void forget(SinkItem item) {
        takeOut(item);
        item.flight.release();
    }

    /** Of those that wait. */
    private void takeOut(SinkItem item) {
        batches.lanes().remove(item);
        letGo(item);
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

    private void answered(SinkBatch batch, Map<Integer, Throwable> failures) {
        if (failures.isEmpty() && batch.items.stream().noneMatch(item -> item.isOver)) {
            reached(true);
            tellWritten(batch.items);
            batch.items.forEach(this::written);
            return;
        }
        SinkAnswer answer = new SinkAnswer(batch.items, failures, batches.lanes(), retry.maxAttempts());
        batches.lanes().putBack(answer.overtaken);
        answer.overtaken.stream()
                .filter(item -> item.flight.partition.isClosed())
                .forEach(this::forget);
        answer.failed.forEach(failed -> comesAgainOrNot(failed.item(), failed.cause()));
        tellWritten(answer.written);
        answer.written.forEach(this::written);
        if (answer.outage == null) {
            reached(true);
        } else {
            unreachable(new SinkBatch(answer.unreached, batch.outages), answer.outage);
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
        batch.items.removeIf(this::isStale);
        if (batch.items.isEmpty()) {
            return;
        }
        if (Failures.isUnavailable(failure)) {
            unreachable(batch, failure);
        } else if (isAlone || Failures.isOfTheStage(failure)) {
            batch.items.forEach(item -> comesAgainOrNot(item, failure));
        } else {
            batches.comeAgainInHalves(batch);
        }
    }

    private void unreachable(SinkBatch batch, Throwable cause) {
        batch.outages++;
        batch.items.forEach(item -> item.lastFailure = cause);
        long delay = unreached(cause, retry, batch.outages);
        batch.items.removeIf(this::isStale);
        if (!batch.items.isEmpty()) {
            batches.comeAgain(batch, delay);
        }
    }

    /** Counts a failure of a value, which comes again or is given up. */
    private void comesAgainOrNot(SinkItem item, Throwable cause) {
        if (isStale(item)) {
            return;
        }
        item.failures++;
        item.lastFailure = cause;
        if (Failures.isPermanent(cause) || item.failures >= retry.maxAttempts()) {
            settle(item);
            giveUpWithToken(item.flight, cause, item.failures);
            return;
        }
        retries++;
        item.flight.attempted(item.failures);
        worker.engine.listeners.onRetry(name, item.flight.position(), item.failures, cause);
        SinkBatch alone = new SinkBatch(new ArrayList<>(List.of(item)));
        batches.comeAgain(alone, retry.delayNanos(item.failures, worker.engine.environment.random()));
    }

    private void written(SinkItem item) {
        out++;
        settle(item);
        item.flight.release();
    }

    private void settle(SinkItem item) {
        letGo(item);
        batches.lanes().settled(item);
    }

    private void letGo(SinkItem item) {
        deadlines.remove(item);
        worker.hold(-1);
        item.flight.letGoBy(this);
    }
}
