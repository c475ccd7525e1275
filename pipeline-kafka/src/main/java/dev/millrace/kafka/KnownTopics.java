package dev.millrace.kafka;

import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Which topics exist and how large a record they take, asked once each, before a producer meets them: it takes a minute
 * to say that a topic does not exist and may even create it, and where a record that is too large shares a batch with a
 * small one it splits that batch without end. Blocks. {@link #isGone} is for any thread, all else for one at a time.
 */
final class KnownTopics {

    private static final long MISSING_NANOS = 10_000_000_000L;
    private static final int MOST_MISSING = 1_000;
    /** What a topic takes by default: 1 MiB and the header of a batch. */
    private static final int DEFAULT_LARGEST = 1_048_588;

    private final ClientProperties properties;
    private final SinkFailures failures;
    private final StageContext context;
    private final Map<String, Integer> largest = new ConcurrentHashMap<>();
    private final Map<String, Long> missingSince = new HashMap<>();

    KnownTopics(ClientProperties properties, SinkFailures failures, StageContext context) {
        this.properties = properties;
        this.failures = failures;
        this.context = context;
    }

    /** Throws unless the topic exists. */
    void requireAtStart(String topic) throws InterruptedException {
        try (Cluster cluster = Cluster.open(properties, context)) {
            cluster.describe(List.of(topic));
            largest.put(topic, largest(cluster, topic));
        } catch (TopicAuthorizationException e) {
            throw Rights.missingToWrite(topic, e);
        }
    }

    /**
     * The size in bytes of the largest record that the topic takes, before compression.
     *
     * @throws RefusedRecordException if the topic does not exist; one found missing is asked for again after 10 s
     * @throws TopicAuthorizationException if it may not be written
     * @throws StageFailedException if either is of one which the sink was given
     * @throws UnavailableException if that cannot be told now
     */
    int largestRecord(String topic) throws InterruptedException {
        Integer known = largest.get(topic);
        if (known != null) {
            return known;
        }
        Long since = missingSince.get(topic);
        if (since == null || context.nanoTime() - since > MISSING_NANOS) {
            try (Cluster cluster = Cluster.open(properties, context)) {
                if (cluster.exists(topic)) {
                    missingSince.remove(topic);
                    int size = largest(cluster, topic);
                    largest.put(topic, size);
                    return size;
                }
            } catch (TopicAuthorizationException e) {
                throw failures.withoutRight(topic, e);
            }
            if (missingSince.size() >= MOST_MISSING) {
                missingSince.clear(); // names come from data
            }
            missingSince.put(topic, context.nanoTime());
        }
        throw failures.missing(topic, "does not exist");
    }

    /**
     * Whether a topic that existed is gone; if so, it is asked for anew from then on.
     *
     * @throws TopicAuthorizationException if the right to see it is gone, and with that the right to write it
     * @throws UnavailableException if that cannot be told now
     */
    boolean isGone(String topic) throws InterruptedException {
        try (Cluster cluster = Cluster.open(properties, context)) {
            if (!cluster.isMissing(topic)) {
                return false;
            }
        } catch (TopicAuthorizationException e) {
            throw e;
        } catch (KafkaException e) {
            // Others' text stays out of the log.
            throw new UnavailableException(
                    "Kafka at " + properties.servers() + " does not tell whether the topic exists: "
                            + e.getClass().getSimpleName(),
                    e);
        }
        largest.remove(topic);
        return true;
    }

    /** What both topic and producer take. A topic whose configuration may not be read is taken to have the default. */
    private int largest(Cluster cluster, String topic) throws InterruptedException {
        Object request = properties.known().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        int own = request == null
                ? ClientConfigs.REQUEST_BYTES
                : Integer.parseInt(request.toString().trim());
        return Math.min(own, cluster.largestMessage(topic).orElse(request == null ? DEFAULT_LARGEST : own));
    }
}
