package dev.millrace.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a reader is to do, found out before it begins.
 *
 * @param servers for messages
 * @param topics to subscribe to
 * @param group whose offsets count, if any
 * @param shared whether partitions come by joining the group, rather than being those of {@code starts}
 * @param starts where partitions begin: all of them where they are not shared, else those without a committed offset
 * @param ends where partitions end; empty for a reader without end
 * @param skipsLostData whether to go on where records were lost
 */
record ReadPlan(
        String servers,
        List<String> topics,
        @Nullable String group,
        boolean shared,
        Map<TopicPartition, OffsetAndMetadata> starts,
        Map<TopicPartition, Long> ends,
        boolean skipsLostData) {

    static ReadPlan of(SourceOptions options, String pipeline, Cluster cluster) throws InterruptedException {
        String group = options.effectiveGroup(pipeline);
        IsolationLevel isolation = isolation(options.cluster());
        Set<TopicPartition> partitions = partitions(options, cluster.describe(options.topics()));
        Map<TopicPartition, OffsetAndMetadata> committed =
                group == null ? Map.of() : cluster.committed(group, partitions);
        Map<TopicPartition, OffsetAndMetadata> starts =
                new StartOffsets(options.start(), group, isolation, cluster).of(partitions, committed);
        if (options.isShared() && group != null) {
            keep(starts, group, options.start(), cluster);
        } else {
            committed.forEach(starts::putIfAbsent);
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        if (options.bounded()) {
            cluster.offsets(partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())), isolation)
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
        }
        return new ReadPlan(
                cluster.servers(), options.topics(), group, options.isShared(), starts, ends, options.skipsLostData());
    }

    /**
     * Commits the starts before the group is joined: whoever gets a partition begins there, also after a crash, and a
     * partition without a committed offset can only be one that was added later. Where the group has members already,
     * one of them has just done the same.
     */
    private static void keep(
            Map<TopicPartition, OffsetAndMetadata> starts, String group, StartPosition start, Cluster cluster)
            throws InterruptedException {
        if (starts.isEmpty() || cluster.commit(group, starts)) {
            return;
        }
        if (start.isIgnoringCommitted() || start.kind() == StartPosition.Kind.OFFSETS) {
            throw new IllegalStateException(
                    "group '" + group + "' has running members, so its offsets cannot be set to " + start
                            + ": stop them, or wait until those that crashed have timed out");
        }
    }

    private static Set<TopicPartition> partitions(SourceOptions options, Map<String, TopicDescription> topics) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (String topic : options.topics()) {
            int count = Objects.requireNonNull(topics.get(topic), topic)
                    .partitions()
                    .size();
            List<Integer> named = new ArrayList<>(options.partitions());
            named.addAll(options.start().offsets().keySet());
            for (int number : named) {
                if (number >= count) {
                    throw new IllegalStateException("topic '" + topic + "' has no partition " + number + ", only "
                            + count + (count == 1 ? " partition" : " partitions"));
                }
            }
            for (int number = 0; number < count; number++) {
                if (options.partitions().isEmpty() || options.partitions().contains(number)) {
                    partitions.add(new TopicPartition(topic, number));
                }
            }
        }
        return partitions;
    }

    private static IsolationLevel isolation(ClientProperties properties) {
        Object level = properties.known().getOrDefault("isolation.level", "read_committed");
        return IsolationLevel.valueOf(level.toString().trim().toUpperCase(Locale.ROOT));
    }
}
