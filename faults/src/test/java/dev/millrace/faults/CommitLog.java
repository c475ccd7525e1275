package dev.millrace.faults;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * All that a group has committed, and not the last alone, which is what brokers tell: from the topic in which they keep
 * it, as long as that was not compacted.
 */
final class CommitLog {

    private static final String TOPIC = "__consumer_offsets";
    private static final int NEWEST_KEY = 1;
    private static final int COMPACT_FROM = 4;

    private CommitLog() {}

    /** The metadata of each of the group's commits, of any of its partitions. */
    static List<String> metadata(String bootstrapServers, String group) {
        List<String> metadata = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    metadataOf(record, group).ifPresent(metadata::add);
                }
            }
        }
        return metadata;
    }

    private static Optional<String> metadataOf(ConsumerRecord<byte[], byte[]> record, String group) {
        ByteBuffer key = ByteBuffer.wrap(record.key());
        if (record.value() == null
                || key.getShort() > NEWEST_KEY
                || !text(key, key.getShort()).equals(group)) {
            return Optional.empty();
        }
        ByteBuffer value = ByteBuffer.wrap(record.value());
        int version = value.getShort();
        value.getLong(); // the offset
        value.getInt(); // its leader epoch
        int length = version < COMPACT_FROM ? value.getShort() : varint(value) - 1;
        return Optional.of(text(value, length));
    }

    private static int varint(ByteBuffer bytes) {
        int number = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = bytes.get();
            number |= (part & 0x7f) << shift;
            if (part >= 0) {
                return number;
            }
        }
    }

    private static String text(ByteBuffer bytes, int length) {
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
