package dev.millrace.kafka;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Asks for the offsets of partitions that begin, since the client tells nobody of their metadata when it asks itself.
 * Where positions are set by the answer it need not ask again.
 */
record CommittedOffsets(Consumer<byte[], byte[]> consumer, String place) {

    private static final Logger LOG = System.getLogger("dev.millrace.kafka");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Those that are known; the client asks for the others. */
    Map<TopicPartition, OffsetAndMetadata> of(Collection<TopicPartition> partitions) {
        boolean isWoken = false;
        try {
            while (true) {
                try {
                    return consumer.committed(Set.copyOf(partitions), LIMIT);
                } catch (WakeupException e) {
                    isWoken = true; // meant for the poll
                }
            }
        } catch (KafkaException e) {
            LOG.log(Level.DEBUG, "{0} does not know yet what is committed of {1}: {2}", place, partitions, e);
            return Map.of();
        } finally {
            if (isWoken) {
                consumer.wakeup();
            }
        }
    }
}
