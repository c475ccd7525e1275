package dev.millrace.kafka;

import dev.millrace.pipeline.spi.StageContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
                return Map.of();
            }
            try {
                Map<String, Uuid> ids = new HashMap<>();
                open.describe(topics).forEach((name, topic) -> ids.put(name, topic.topicId()));
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

    private final Callable<Map<String, Uuid>> lookup;
    private final Runnable onClose;
    private final StageContext context;
    private final long intervalNanos;
    private final AtomicReference<@Nullable Map<String, Uuid>> answer = new AtomicReference<>();
    private volatile boolean asking;
    private long nextAt;

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

    /** The ids that were last answered, once; empty where there is nothing new. Never blocks. */
    Map<String, Uuid> news() {
        if (!asking && context.nanoTime() - nextAt >= 0) {
            ask();
        }
        Map<String, Uuid> ids = answer.getAndSet(null);
        return ids == null ? Map.of() : ids;
    }

    private void ask() {
        asking = true;
        nextAt = context.nanoTime() + intervalNanos;
        try {
            context.blocking().execute(() -> {
                try {
                    answer.set(lookup.call());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Exception e) {
                    // Unreachable, or the topic is gone: the consumer tells of the one, and the other is asked again.
                } finally {
                    asking = false;
                }
            });
        } catch (RejectedExecutionException e) {
            asking = false; // the pipeline ends
        }
    }

    /** The answer now, for a failure that it may explain; empty where there is none. Blocks, within a limit. */
    Map<String, Uuid> askNow() {
        try {
            return lookup.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // What is to be explained is told without it.
        }
        return Map.of();
    }

    @Override
    public void close() {
        onClose.run();
    }
}
