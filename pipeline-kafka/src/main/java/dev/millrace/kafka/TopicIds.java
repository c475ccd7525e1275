package dev.millrace.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Which topics are meant: brokers give each topic an id, and another one when it is deleted and created again under the
 * same name. Each commit carries the id, so that an offset always tells which log it is of. Brokers that know no ids
 * leave them out, and then nothing is compared. Belongs to one thread.
 */
final class TopicIds {

    private final Map<String, Uuid> ids = new HashMap<>();

    TopicIds(Map<String, Uuid> ids) {
        this.ids.putAll(ids);
    }

    static TopicIds of(Collection<TopicDescription> topics) {
        TopicIds ids = new TopicIds(Map.of());
        topics.forEach(topic -> ids.replace(topic.name(), topic.topicId()));
        return ids;
    }

    void replace(String topic, Uuid id) {
        if (!id.equals(Uuid.ZERO_UUID)) {
            ids.put(topic, id);
        }
    }

    /** Whether a topic of that name and another id was known before. */
    boolean isAnother(String topic, Uuid id) {
        Uuid known = ids.get(topic);
        return known != null && !id.equals(Uuid.ZERO_UUID) && !known.equals(id);
    }

    /** The topic's id, or empty where brokers know none. */
    String id(String topic) {
        Uuid id = ids.get(topic);
        return id == null ? "" : id.toString();
    }

    /** What goes with each offset committed for the topic. */
    String metadata(String topic) {
        Uuid id = ids.get(topic);
        return id == null ? "" : CommitMetadata.of(id.toString());
    }

    OffsetAndMetadata stamped(TopicPartition partition, OffsetAndMetadata offset) {
        return new OffsetAndMetadata(offset.offset(), offset.leaderEpoch(), metadata(partition.topic()));
    }

    /** The topics for which offsets were committed when they were other ones. */
    Set<String> recreated(Map<TopicPartition, OffsetAndMetadata> committed) {
        Set<String> topics = new TreeSet<>();
        committed.forEach((partition, offset) -> {
            String now = id(partition.topic());
            Optional<String> then = CommitMetadata.topicId(offset.metadata());
            if (then.isPresent() && !now.isEmpty() && !then.get().equals(now)) {
                topics.add(partition.topic());
            }
        });
        return topics;
    }
}
