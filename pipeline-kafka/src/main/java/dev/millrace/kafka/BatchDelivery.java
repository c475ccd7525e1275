package dev.millrace.kafka;

import dev.millrace.pipeline.spi.WriteResult;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/** What becomes of a batch, put together from its records, each of which counts once. Thread-safe. */
final class BatchDelivery {

    private final CompletableFuture<WriteResult> result = new CompletableFuture<>();
    private final AtomicInteger unsettled;
    private final AtomicIntegerArray settled;
    private final Map<Integer, Throwable> failures = new HashMap<>();
    private @Nullable Throwable fatal;

    BatchDelivery(int size) {
        this.unsettled = new AtomicInteger(size);
        this.settled = new AtomicIntegerArray(size);
        if (size == 0) {
            result.complete(WriteResult.written());
        }
    }

    CompletionStage<WriteResult> result() {
        return result;
    }

    RecordDelivery of(int index, String topic) {
        return new RecordDelivery(this, index, topic);
    }

    void written(int index) {
        if (settled.compareAndSet(index, 0, 1)) {
            countDown();
        }
    }

    void failed(int index, Throwable failure) {
        if (!settled.compareAndSet(index, 0, 1)) {
            return;
        }
        synchronized (failures) {
            failures.put(index, failure);
            if (fatal == null && SinkFailures.isFatal(failure)) {
                fatal = failure;
            }
        }
        countDown();
    }

    private void countDown() {
        if (unsettled.decrementAndGet() > 0) {
            return;
        }
        synchronized (failures) {
            if (fatal != null) {
                result.completeExceptionally(fatal);
            } else {
                result.complete(WriteResult.failed(failures));
            }
        }
    }
}
