package dev.millrace.kafka;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Client properties that are not the user's to set, or not to every value, and why. */
final class RefusedProperties {

    private static final String COMMITS = "offsets are committed by the pipeline, up to what is done";
    private static final String BYTES = "records are read and written as bytes; formats are given to source and sink";
    private static final String TRANSACTIONS = "transactions are not supported";
    private static final String SHARING = "share groups have no offsets to commit, so they cannot feed a pipeline";

    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("bootstrap.servers", "Kafka.at names the servers"),
            entry("bootstrap.controllers", "Kafka.at names the servers"),
            entry("enable.auto.commit", COMMITS),
            entry("auto.commit.interval.ms", COMMITS),
            entry(
                    "auto.offset.reset",
                    "KafkaSource.from says where to start, and a lost range is never skipped silently"),
            entry("group.id", "KafkaSource.group names the group"),
            entry("key.deserializer", BYTES),
            entry("value.deserializer", BYTES),
            entry("key.serializer", BYTES),
            entry("value.serializer", BYTES),
            entry("allow.auto.create.topics", "topics must exist before a pipeline starts"),
            entry("transactional.id", TRANSACTIONS),
            entry("transaction.timeout.ms", TRANSACTIONS),
            entry("transaction.two.phase.commit.enable", TRANSACTIONS),
            entry("share.acknowledgement.mode", SHARING),
            entry("share.acquire.mode", SHARING));

    private RefusedProperties() {}

    /** Why a property cannot have a value, or {@code null} if it can. */
    static @Nullable String reason(String property, Object value) {
        String text = value.toString().trim().toLowerCase(Locale.ROOT);
        return switch (property) {
            case "acks" ->
                text.equals("all") || text.equals("-1")
                        ? null
                        : "a record counts as written once all replicas in sync have it, so it must be all";
            case "enable.idempotence" ->
                text.equals("true") ? null : "retries would write records twice and out of order, so it must be true";
            case "ssl.endpoint.identification.algorithm" ->
                text.isEmpty()
                        ? "without a check of its host name anybody's certificate would do; give the broker one that names"
                                + " its host, and trust its authority by ssl.truststore.type=PEM and"
                                + " ssl.truststore.location"
                        : null;
            default -> REASONS.get(property);
        };
    }
}
