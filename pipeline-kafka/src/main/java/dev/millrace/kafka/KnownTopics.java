package dev.millrace.kafka;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;

/**
 * Which topics exist, asked once each: a producer takes a minute to say that one does not, and may even create it.
 * Called by one thread at a time, and blocks.
 */
final class KnownTopics implements AutoCloseable {

    private static final long MISSING_NANOS = 10_000_000_000L;
    private static final int MOST_MISSING = 1_000;

    private final Cluster cluster;
    private final LongSupplier nanoTime;
    private final Set<String> existing = new HashSet<>();
    private final Map<String, Long> missingSince = new HashMap<>();

    KnownTopics(Cluster cluster, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.nanoTime = nanoTime;
    }

    /** Throws unless the topic exists. */
    void requireAtStart(String topic) throws InterruptedException {
        cluster.describe(List.of(topic));
        existing.add(topic);
    }

    /** Refuses the record unless the topic exists; one found missing is asked for again after 10 s. */
    void require(String topic) {
        if (existing.contains(topic)) {
            return;
        }
        Long since = missingSince.get(topic);
        if (since == null || nanoTime.getAsLong() - since > MISSING_NANOS) {
            if (stillExists(topic)) {
                existing.add(topic);
                missingSince.remove(topic);
                return;
            }
            if (missingSince.size() >= MOST_MISSING) {
                missingSince.clear(); // names come from data
            }
            missingSince.put(topic, nanoTime.getAsLong());
        }
        throw new RefusedRecordException("topic '" + topic + "' does not exist");
    }

    /** Whether the topic exists, as far as can be told. */
    boolean stillExists(String topic) {
        try {
            return cluster.exists(topic);
        } catch (KafkaException e) {
            return true;
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
