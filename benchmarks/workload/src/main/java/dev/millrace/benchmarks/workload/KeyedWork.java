package dev.millrace.benchmarks.workload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * The work on records of many keys, and a look at their order: work on a record must not begin before that on the
 * former one of its key is done. Thread-safe.
 */
public final class KeyedWork {

    private final int millis;
    private final Executor later;
    private final AtomicLongArray doneOfKey;
    private final LongAdder done = new LongAdder();
    private final LongAdder outOfOrder = new LongAdder();

    /** That of a task. */
    public KeyedWork(KeyedTask task) {
        millis = task.millis();
        later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run);
        doneOfKey = new AtomicLongArray(task.keys());
    }

    /** Does it on the caller's thread, as a call of a remote service would. */
    public void block(byte[] value) throws InterruptedException {
        KeyedRecord record = KeyedRecord.of(value);
        begin(record);
        if (millis > 0) {
            Thread.sleep(millis);
        }
        end(record);
    }

    /** Begins it, and answers later, on a thread that is not to be kept. */
    public CompletionStage<Void> begin(byte[] value) {
        KeyedRecord record = KeyedRecord.of(value);
        begin(record);
        if (millis == 0) {
            end(record);
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(() -> end(record), later);
    }

    private void begin(KeyedRecord record) {
        if (doneOfKey.get(record.key()) != record.sequence()) {
            outOfOrder.increment();
        }
    }

    private void end(KeyedRecord record) {
        doneOfKey.incrementAndGet(record.key());
        done.increment();
    }

    /** On how many records it is done. */
    public long done() {
        return done.sum();
    }

    /** How many records it was begun too early or too late on. */
    public long outOfOrder() {
        return outOfOrder.sum();
    }
}
