package dev.millrace.kafka;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.SourceContext;
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
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What a reader is to do, found out before it begins.
 *
 * @param servers for messages
 * @param topics to subscribe to
 * @param group to commit to, if any
 * @param shared whether partitions come by joining the group, rather than being those of {@code starts}
 * @param starts where partitions begin: all of them where they are not shared, else those without a committed offset
 * @param ends where partitions end; empty for a reader without end
 * @param ids of the topics when it was found out
 * @param skipsLostData whether to go on where records were lost
 */
record ReadPlan(
        String servers,
        List<String> topics,
        @Nullable String group,
        boolean shared,
        Map<TopicPartition, OffsetAndMetadata> starts,
        Map<TopicPartition, Long> ends,
        Map<String, Uuid> ids,
        boolean skipsLostData) {

    static ReadPlan of(SourceOptions options, SourceContext context, Cluster cluster) throws InterruptedException {
        String group = options.effectiveGroup(context.pipeline());
        IsolationLevel isolation = isolation(options.cluster());
        Map<String, TopicDescription> topics = cluster.describe(options.topics());
        TopicIds ids = TopicIds.of(topics.values());
        Set<TopicPartition> partitions = partitions(options, topics);
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        if (group != null) {
            committed.putAll(cluster.committed(group, partitions));
        }
        Set<String> begun =
                committed.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Set<String> recreated = ids.recreated(committed);
        if (group != null && !recreated.isEmpty()) {
            dropCommitted(recreated, group, options, committed, context);
        }
        Map<TopicPartition, OffsetAndMetadata> starts =
                new StartOffsets(options.start(), group, isolation, cluster).of(partitions, committed, begun);
        starts.replaceAll(ids::stamped);
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
                cluster.servers(),
                options.topics(),
                options.committing() ? group : null,
                options.isShared(),
                starts,
                ends,
                topics.values().stream().collect(Collectors.toMap(TopicDescription::name, TopicDescription::topicId)),
                options.skipsLostData());
    }

    /** Offsets of a topic that is gone say nothing of the one that has its name now. */
    private static void dropCommitted(
            Set<String> recreated,
            String group,
            SourceOptions options,
            Map<TopicPartition, OffsetAndMetadata> committed,
            SourceContext context) {
        List<DataLoss> losses = new ArrayList<>();
        committed.forEach((partition, offset) -> {
            if (recreated.contains(partition.topic())) {
                losses.add(DataLoss.beyond(
                        partition.toString(),
                        offset.offset(),
                        "topic '" + partition.topic() + "' was deleted and created again since group '" + group
                                + "' committed this offset"));
            }
        });
        if (!options.skipsLostData() && !options.start().isIgnoringCommitted()) {
            throw new DataLossException(
                    "topics " + recreated + " were deleted and created again since group '" + group
                            + "' committed offsets for them; continueOnDataLoss() reads them from their first record, and so does"
                            + " a start position ignoringCommitted()",
                    losses);
        }
        context.dataLost(losses);
        committed.keySet().removeIf(partition -> recreated.contains(partition.topic()));
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
