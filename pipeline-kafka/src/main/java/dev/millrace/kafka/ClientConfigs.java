package dev.millrace.kafka;

import dev.millrace.pipeline.spi.StageContext;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** What each kind of client is configured with: the user's properties, our defaults, and what must not differ. */
final class ClientConfigs {

    private static final long TOPICS_ASKED_EVERY_MILLIS = 10_000;
    private static final int ADMIN_TIMEOUT_MILLIS = 10_000;
    private static final int BATCH_BYTES = 64 << 10;
    /** The largest value of 10 MiB with room for key and headers: the topic's own limit is the one to decide. */
    static final int REQUEST_BYTES = (10 << 20) + (256 << 10);

    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private ClientConfigs() {}

    static Map<String, Object> consumer(
            ClientProperties properties, @Nullable String group, int pollLimit, StageContext context) {
        Map<String, Object> config = properties.knownTo(ConsumerConfig.configNames());
        config.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, clientId(context));
        config.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        if (!"consumer".equalsIgnoreCase(String.valueOf(config.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG)))) {
            // A rebalance then stops only the partitions that move. Brokers assign by themselves under the other
            // protocol.
            config.putIfAbsent(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        Object wanted = config.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
        config.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                wanted == null
                        ? pollLimit
                        : Math.min(pollLimit, Integer.parseInt(wanted.toString().trim())));
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        if (group != null) {
            config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        }
        return config;
    }

    static Map<String, Object> producer(ClientProperties properties, StageContext context) {
        Map<String, Object> config = properties.knownTo(ProducerConfig.configNames());
        config.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, clientId(context));
        config.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
        // A record given up and written again later would come after those that followed it: the producer never gives
        // up.
        config.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return config;
    }

    static Map<String, Object> admin(ClientProperties properties, StageContext context) {
        Map<String, Object> config = properties.knownTo(AdminClientConfig.configNames());
        config.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, clientId(context));
        // It lives for a moment. Told to begin afresh, it would ask a cluster that is gone thousands of times a second.
        config.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
        return config;
    }

    /** In nanoseconds: every 10 s, or as often as the clients renew what they know of topics, if that is more often. */
    static long topicsAskedEvery(ClientProperties properties) {
        Object age = properties.known().get(CommonClientConfigs.METADATA_MAX_AGE_CONFIG);
        long millis = age == null
                ? TOPICS_ASKED_EVERY_MILLIS
                : Math.min(
                        TOPICS_ASKED_EVERY_MILLIS, Long.parseLong(age.toString().trim()));
        return Math.max(100, millis) * 1_000_000;
    }

    /** Tells brokers who asks; numbered, as the clients of one JVM register their metrics by it. */
    private static String clientId(StageContext context) {
        String id = context.pipeline() + "-" + context.stage() + "-" + CLIENTS.incrementAndGet();
        return id.replaceAll("[^a-zA-Z0-9._-]", "_");
    }
}
