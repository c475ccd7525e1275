package dev.millrace.faults;

import dev.millrace.testkit.KafkaCluster;
import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ElectionNotNeededException;

/** A cluster, and who leads and follows in it at the moment, by a client of the tests' own. */
record Brokers(KafkaCluster cluster, Admin admin) {

    /** As Kafka has it by default: brokers come and go here, and no member of the group. */
    static final int SESSION_MILLIS = 45_000;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    KafkaServer broker(int id) {
        return cluster.broker(id);
    }

    /** Until every copy of every partition is in sync, and each is led by the broker that is named first for it. */
    void awaitWhole() throws Exception {
        Await.until(
                "all copies in sync",
                PATIENCE,
                this::describe,
                () -> partitions().values().stream()
                        .allMatch(partition ->
                                partition.isr().size() == partition.replicas().size()));
        elect(ElectionType.PREFERRED, partitions().keySet());
        Await.until(
                "the usual leaders",
                PATIENCE,
                this::describe,
                () -> partitions().values().stream()
                        .allMatch(partition -> partition.replicas().get(0).equals(partition.leader())));
    }

    /** Makes a copy the leader that is out of sync, once there is no other. */
    void electStale(Set<TopicPartition> stale) throws Exception {
        Await.until(
                "partitions without a leader",
                PATIENCE,
                this::describe,
                () -> partitions().entrySet().stream()
                        .filter(partition -> stale.contains(partition.getKey()))
                        .noneMatch(partition -> hasLeader(partition.getValue())));
        elect(ElectionType.UNCLEAN, stale);
        Await.until(
                "stale leaders",
                PATIENCE,
                this::describe,
                () -> partitions().entrySet().stream()
                        .filter(partition -> stale.contains(partition.getKey()))
                        .allMatch(partition -> hasLeader(partition.getValue())));
    }

    private static boolean hasLeader(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }

    private void elect(ElectionType type, Set<TopicPartition> partitions) throws Exception {
        for (Optional<Throwable> failure :
                get(admin.electLeaders(type, partitions).partitions()).values()) {
            if (failure.isPresent() && !(failure.get() instanceof ElectionNotNeededException)) {
                throw new AssertionError(type + " election", failure.get());
            }
        }
    }

    /** The partitions of a topic that a broker leads. */
    Set<TopicPartition> ledBy(int id, String topic) throws Exception {
        return partitions().entrySet().stream()
                .filter(partition -> partition.getKey().topic().equals(topic)
                        && partition.getValue().leader().id() == id)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** The broker that a group commits to. */
    int coordinator(String group) throws Exception {
        return get(admin.describeConsumerGroups(List.of(group)).all())
                .get(group)
                .coordinator()
                .id();
    }

    /** What follows the last record of each partition that has one. */
    Map<TopicPartition, Long> ends(String topic) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = partitions().keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(latest).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        ends.values().removeIf(end -> end == 0);
        return ends;
    }

    /** Of all topics, Kafka's own included. */
    private Map<TopicPartition, TopicPartitionInfo> partitions() throws Exception {
        Map<TopicPartition, TopicPartitionInfo> partitions = new HashMap<>();
        Set<String> topics =
                get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        get(admin.describeTopics(topics).allTopicNames())
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition ->
                                partitions.put(new TopicPartition(topic, partition.partition()), partition)));
        return partitions;
    }

    private String describe() {
        try {
            return partitions().entrySet().stream()
                    .map(partition -> partition.getKey() + " led by "
                            + partition.getValue().leader() + ", in sync "
                            + partition.getValue().isr().stream().map(Node::id).toList())
                    .collect(Collectors.joining("\n"));
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
