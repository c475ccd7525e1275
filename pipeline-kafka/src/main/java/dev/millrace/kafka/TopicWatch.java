package dev.millrace.kafka;

import dev.millrace.pipeline.spi.StageContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Asks now and then what ids the topics have, which a consumer does not tell. The thread that polls asks and takes the
 * answer, and never waits for it.
 */
final class TopicWatch implements AutoCloseable {

    /** Opened when first needed, and anew after a failure: the cluster may have moved meanwhile. */
    private static final class Lookup implements Callable<Map<String, Uuid>> {

        private final ClientProperties properties;
        private final List<String> topics;
        private final StageContext context;
        private @Nullable Cluster cluster;
        private boolean closed;

        Lookup(ClientProperties properties, List<String> topics, StageContext context) {
            this.properties = properties;
            this.topics = topics;
            this.context = context;
        }

        @Override
        public Map<String, Uuid> call() throws Exception {
            Cluster open = cluster();
            if (open == null) {
                throw new CancellationException();
            }
            try {
                Map<String, Uuid> ids = new HashMap<>();
                open.existing(topics).forEach((name, topic) -> ids.put(name, topic.topicId()));
                return ids;
            } catch (Exception e) {
                letGo();
                throw e;
            }
        }

        private synchronized @Nullable Cluster cluster() {
            if (cluster == null && !closed) {
                cluster = Cluster.open(properties, context);
            }
            return cluster;
        }

        private synchronized void letGo() {
            if (cluster != null) {
                cluster.close();
                cluster = null;
            }
        }

        synchronized void close() {
            closed = true;
            letGo();
        }
    }

    /** With which question it answers. */
    private record Answer(long asked, Map<String, Uuid> ids) {}

    /** What one broker says may be the past. How long it takes until another one is asked. */
    private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

    private final Callable<Map<String, Uuid>> lookup;
    private final Runnable onClose;
    private final StageContext context;
    private final long intervalNanos;
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
    private volatile boolean asking;
    private long nextAt;
    private long questions;
    private long outdated;

    TopicWatch(Callable<Map<String, Uuid>> lookup, Runnable onClose, StageContext context, long intervalNanos) {
        this.lookup = lookup;
        this.onClose = onClose;
        this.context = context;
        this.intervalNanos = intervalNanos;
        this.nextAt = context.nanoTime() + intervalNanos;
    }

    static TopicWatch of(ClientProperties properties, List<String> topics, StageContext context) {
        Lookup lookup = new Lookup(properties, topics, context);
        return new TopicWatch(lookup, lookup::close, context, ClientConfigs.topicsAskedEvery(properties));
    }

    /** The ids of those topics that exist, by the last answer, once; empty where that is not new. Never blocks. */
    Optional<Map<String, Uuid>> news() {
        boolean idle = !asking; // looked at first, or the next answer could take the place of one just given
        Answer last = answer.getAndSet(null);
        if (idle && context.nanoTime() - nextAt >= 0) {
            ask();
        }
        return last == null || last.asked() <= outdated ? Optional.empty() : Optional.of(last.ids());
    }

    /** Asks again soon, and not only when it is time to. */
    void askAgain() {
        long soon = context.nanoTime() + ASK_AGAIN_NANOS;
        nextAt = nextAt - soon > 0 ? soon : nextAt;
    }

    /** Takes no answer any more to what has been asked until now. */
    void forgetQuestions() {
        outdated = questions;
    }

    private void ask() {
        asking = true;
        nextAt = context.nanoTime() + intervalNanos;
        long question = ++questions;
        try {
            context.blocking().execute(() -> {
                try {
                    answer.set(new Answer(question, lookup.call()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Exception e) {
                    // Unreachable, of which the consumer tells, or closed.
                } finally {
                    asking = false;
                }
            });
        } catch (RejectedExecutionException e) {
            asking = false; // the pipeline ends
        }
    }

    /** The answer now, for a failure that it may explain; empty where there is none. Blocks, within a limit. */
    Optional<Map<String, Uuid>> askNow() {
        try {
            return Optional.of(lookup.call());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // What is to be explained is told without it.
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        onClose.run();
    }
}
