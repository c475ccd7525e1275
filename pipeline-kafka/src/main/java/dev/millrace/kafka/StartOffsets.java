package dev.millrace.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Turns a start position into offsets, for the partitions that do not go on from a committed one. */
record StartOffsets(StartPosition start, @Nullable String group, IsolationLevel isolation, Cluster cluster) {

    /** Topics begun are those that the group has read of before. */
    Map<TopicPartition, OffsetAndMetadata> of(
            Set<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> committed, Set<String> topicsBegun)
            throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Long given = start.offsets().get(partition.partition());
            if (given != null) {
                offsets.put(partition, new OffsetAndMetadata(given));
            } else if (start.isIgnoringCommitted() && start.kind() != StartPosition.Kind.OFFSETS) {
                specs.put(partition, spec());
            } else if (!committed.containsKey(partition)) {
                // A partition that was added after the group began: whatever it holds came later.
                specs.put(partition, topicsBegun.contains(partition.topic()) ? OffsetSpec.earliest() : spec());
            }
        }
        if (start.kind() == StartPosition.Kind.COMMITTED) {
            requireBegun(partitions, topicsBegun);
        }
        Map<TopicPartition, OffsetAndMetadata> found = cluster.offsets(specs, isolation);
        Map<TopicPartition, OffsetSpec> atEnd = new HashMap<>();
        specs.keySet().stream().filter(p -> !found.containsKey(p)).forEach(p -> atEnd.put(p, OffsetSpec.latest()));
        offsets.putAll(found);
        offsets.putAll(cluster.offsets(atEnd, isolation));
        return offsets;
    }

    private OffsetSpec spec() {
        return switch (start.kind()) {
            case LATEST -> OffsetSpec.latest();
            case TIMESTAMP -> OffsetSpec.forTimestamp(start.timestamp().toEpochMilli());
            case EARLIEST, COMMITTED, OFFSETS -> OffsetSpec.earliest();
        };
    }

    private void requireBegun(Set<TopicPartition> partitions, Set<String> topicsBegun) {
        if (group == null) {
            throw new IllegalStateException(
                    "a start at what is committed needs a group, and a source of its own partitions has none by default");
        }
        for (TopicPartition partition : partitions) {
            if (!topicsBegun.contains(partition.topic())) {
                throw new IllegalStateException(
                        "group '" + group + "' has committed no offset for topic '" + partition.topic() + "'");
            }
        }
    }
}
