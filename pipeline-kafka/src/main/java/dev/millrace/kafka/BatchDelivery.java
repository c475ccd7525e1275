package dev.millrace.kafka;

import dev.millrace.pipeline.spi.WriteResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What becomes of a batch, put together from its records, each of which counts once. Thread-safe. */
final class BatchDelivery {

    private final CompletableFuture<WriteResult> result = new CompletableFuture<>();
    private final AtomicInteger unsettled;
    private final AtomicIntegerArray settled;
    /** Of the records that have been given to the producer. */
    private final AtomicReferenceArray<@Nullable String> topics;

    private final SinkFailures kinds;
    private final long since;
    private final Map<Integer, Throwable> failures = new HashMap<>();
    private @Nullable Throwable fatal;

    /** Begins at the time given, in nanoseconds. */
    BatchDelivery(int size, SinkFailures kinds, long since) {
        this.kinds = kinds;
        this.since = since;
        this.topics = new AtomicReferenceArray<>(size);
        this.unsettled = new AtomicInteger(size);
        this.settled = new AtomicIntegerArray(size);
        if (size == 0) {
            result.complete(WriteResult.written());
        }
    }

    CompletionStage<WriteResult> result() {
        return result;
    }

    long since() {
        return since;
    }

    /** At once if that is the case already. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    void onSettled(Runnable action) {
        result.whenComplete((written, failure) -> action.run());
    }

    RecordDelivery of(int index, String topic) {
        topics.lazySet(index, topic);
        return new RecordDelivery(this, index, topic);
    }

    void written(int index) {
        if (settled.compareAndSet(index, 0, 1)) {
            countDown();
        }
    }

    /** As the producer tells of it. */
    void failed(int index, String topic, Throwable failure) {
        failed(index, kinds.translated(topic, failure));
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

    /** Adds the topics of the records that the producer has not answered for. */
    void addTopicsWaitedFor(Set<String> waitedFor) {
        for (int i = 0; i < topics.length(); i++) {
            String topic = topics.get(i);
            if (topic != null && !isSettled(i)) {
                waitedFor.add(topic);
            }
        }
    }

    void failAllFor(String topic, Throwable failure) {
        for (int i = 0; i < topics.length(); i++) {
            if (topic.equals(topics.get(i)) && !isSettled(i)) {
                failed(i, failure);
            }
        }
    }

    boolean isSettled(int index) {
        return settled.get(index) != 0;
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
