package dev.millrace.kafka;

import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * The batches under way. A producer holds what it has taken for a topic that is deleted then, or that it may not write
 * any more and has heard so before it has sent, and tells nobody. So while batches wait for longer than usual, their
 * topics are asked for, and their records given up where a topic or the right to it is gone. A broker that does not
 * answer says nothing about its topics, and is waited for. Thread-safe.
 */
final class UnderWay implements AutoCloseable {

    private final KnownTopics topics;
    private final SinkFailures failures;
    private final StageContext context;
    private final SeldomWarning waiting;
    private final long patienceNanos;
    private final Executor later;
    private final Set<BatchDelivery> batches = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile boolean closed;

    UnderWay(KnownTopics topics, SinkFailures failures, StageContext context, long patienceNanos) {
        this.topics = topics;
        this.failures = failures;
        this.context = context;
        this.waiting = new SeldomWarning(System.getLogger("dev.millrace.kafka"), context::nanoTime);
        this.patienceNanos = patienceNanos;
        this.later = CompletableFuture.delayedExecutor(patienceNanos, TimeUnit.NANOSECONDS, context.blocking());
    }

    BatchDelivery begin(int size) {
        BatchDelivery batch = new BatchDelivery(size, failures, context.nanoTime());
        batches.add(batch);
        batch.onSettled(() -> batches.remove(batch));
        watchLater();
        return batch;
    }

    private void watchLater() {
        if (!closed && watching.compareAndSet(false, true)) {
            later.execute(this::watch);
        }
    }

    private void watch() {
        String asked = "";
        try {
            for (String topic : waitedFor()) {
                asked = topic;
                Throwable loss = lossOf(topic);
                if (loss == null) {
                    warn(topic, noAnswer());
                } else {
                    batches.forEach(batch -> batch.failAllFor(topic, loss));
                }
            }
        } catch (UnavailableException e) {
            warn(asked, noAnswer() + "; " + e.getMessage()); // nobody would tell of the others, either
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watching.set(false);
            if (!batches.isEmpty() && !Thread.currentThread().isInterrupted()) {
                watchLater();
            }
        }
    }

    private String noAnswer() {
        return "no answer within " + TimeUnit.NANOSECONDS.toMillis(patienceNanos) + " ms";
    }

    /** The topics for which records wait too long. */
    private Set<String> waitedFor() {
        Set<String> waitedFor = new TreeSet<>();
        long now = context.nanoTime();
        for (BatchDelivery batch : batches) {
            if (now - batch.since() >= patienceNanos) {
                batch.addTopicsWaitedFor(waitedFor);
            }
        }
        return waitedFor;
    }

    /**
     * Asks for a topic that is waited for, for this reason, and says why it cannot be written any more. If it can, as
     * far as can be told, warns that it is waited for.
     */
    @Nullable
    Throwable lossOf(String topic, String reason) throws InterruptedException {
        try {
            Throwable loss = lossOf(topic);
            if (loss == null) {
                warn(topic, reason);
            }
            return loss;
        } catch (UnavailableException e) {
            warn(topic, reason + "; " + e.getMessage());
            return null;
        }
    }

    private @Nullable Throwable lossOf(String topic) throws InterruptedException {
        try {
            return topics.isGone(topic) ? failures.missing(topic, "does not exist any more") : null;
        } catch (TopicAuthorizationException e) {
            return failures.translated(topic, new TopicAuthorizationException(Set.of(topic)));
        }
    }

    private void warn(String topic, String reason) {
        waiting.log("[" + context.pipeline() + "|" + context.stage() + "] waits for topic '" + topic + "': " + reason);
    }

    @Override
    public void close() {
        closed = true;
    }
}
