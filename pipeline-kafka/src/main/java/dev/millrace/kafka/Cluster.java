package dev.millrace.kafka;

import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Questions asked before records flow, by an admin client. Every method blocks, within a limit. */
final class Cluster implements AutoCloseable {

    /** A new cluster makes the topic of committed offsets when first asked, which takes its time. */
    private static final int GROUP_TIMEOUT_MILLIS = 30_000;
    /** A topic made a moment ago may not have come to the broker that answers. */
    private static final long NEW_TOPIC_NANOS = 3_000_000_000L;

    private final Admin admin;
    private final String servers;

    private Cluster(Admin admin, String servers) {
        this.admin = admin;
        this.servers = servers;
    }

    static Cluster open(ClientProperties properties, StageContext context) {
        try {
            return new Cluster(Admin.create(ClientConfigs.admin(properties, context)), properties.servers());
        } catch (KafkaException e) {
            throw ClientFailures.notCreated(properties.servers(), e);
        }
    }

    /**
     * The topics with their partitions.
     *
     * @throws IllegalStateException if one does not exist
     * @throws TopicAuthorizationException of the first that may not be seen, and so neither read nor written
     * @throws UnavailableException if no broker answers
     */
    Map<String, TopicDescription> describe(Collection<String> topics) throws InterruptedException {
        long deadline = System.nanoTime() + NEW_TOPIC_NANOS;
        while (true) {
            Map<String, TopicDescription> found = existing(topics);
            Optional<String> missing =
                    topics.stream().filter(topic -> !found.containsKey(topic)).findFirst();
            if (missing.isEmpty()) {
                return found;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("topic '" + missing.get() + "' does not exist on " + servers);
            }
            Thread.sleep(100);
        }
    }

    /** As {@link #describe}, of those topics that exist, so far as this broker knows by now. */
    Map<String, TopicDescription> existing(Collection<String> topics) throws InterruptedException {
        Map<String, TopicDescription> found = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                found.put(topic.getKey(), await(topic.getValue()));
            } catch (UnknownTopicOrPartitionException e) {
                // It is left out.
            } catch (TopicAuthorizationException e) {
                throw new TopicAuthorizationException(Set.of(topic.getKey())); // this one says which
            } catch (InvalidTopicException e) {
                throw new IllegalStateException("'" + topic.getKey() + "' cannot be the name of a topic");
            } catch (TimeoutException e) {
                throw unreachable();
            }
        }
        return found;
    }

    /** Whether a topic exists, so far as this broker knows by now. */
    boolean exists(String topic) throws InterruptedException {
        try {
            await(admin.describeTopics(List.of(topic)).allTopicNames());
            return true;
        } catch (UnknownTopicOrPartitionException | InvalidTopicException e) {
            return false;
        } catch (TimeoutException e) {
            throw unreachable();
        }
    }

    /** Whether a topic does not exist, by more than the word of one broker that may not know it yet. */
    boolean isMissing(String topic) throws InterruptedException {
        long deadline = System.nanoTime() + NEW_TOPIC_NANOS;
        while (!exists(topic)) {
            if (System.nanoTime() - deadline > 0) {
                return true;
            }
            Thread.sleep(100);
        }
        return false;
    }

    /** The size in bytes of the largest message that a topic takes, if its configuration may be read. */
    OptionalInt largestMessage(String topic) throws InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config =
                    await(admin.describeConfigs(List.of(resource)).all()).get(resource);
            ConfigEntry largest = config == null ? null : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            return largest == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(largest.value()));
        } catch (AuthorizationException | UnknownTopicOrPartitionException e) {
            return OptionalInt.empty();
        } catch (TimeoutException e) {
            throw unreachable();
        }
    }

    /** What a group has committed for these partitions; those without are absent. */
    Map<TopicPartition, OffsetAndMetadata> committed(String group, Collection<TopicPartition> partitions)
            throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> all;
        try {
            all = await(admin.listConsumerGroupOffsets(
                            group, new ListConsumerGroupOffsetsOptions().timeoutMs(GROUP_TIMEOUT_MILLIS))
                    .partitionsToOffsetAndMetadata(group));
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        } catch (GroupAuthorizationException e) {
            throw GroupAuthorizationException.forGroupId(group); // this one says which
        } catch (TimeoutException e) {
            throw new UnavailableException(
                    "Kafka at " + servers + " did not tell the offsets of group '" + group + "' within 30 s");
        }
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = all.get(partition);
            if (offset != null && offset.offset() >= 0) {
                committed.put(partition, offset);
            }
        }
        return committed;
    }

    /** The offsets that these specifications come to, with leader epochs; none where no record is that young. */
    Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, OffsetSpec> specs, IsolationLevel isolation)
            throws InterruptedException {
        if (specs.isEmpty()) {
            return Map.of();
        }
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            await(admin.listOffsets(specs, new ListOffsetsOptions(isolation)).all())
                    .forEach((partition, info) -> {
                        if (info.offset() >= 0) {
                            offsets.put(partition, new OffsetAndMetadata(info.offset(), info.leaderEpoch(), ""));
                        }
                    });
            return offsets;
        } catch (TimeoutException e) {
            throw new UnavailableException(
                    "Kafka at " + servers + " did not tell the offsets of " + topics(specs.keySet()) + " within 10 s");
        }
    }

    /** Sets what a group has committed; false if the group has members, which alone may do so then. */
    boolean commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) throws InterruptedException {
        try {
            await(admin.alterConsumerGroupOffsets(
                            group, offsets, new AlterConsumerGroupOffsetsOptions().timeoutMs(GROUP_TIMEOUT_MILLIS))
                    .all());
            return true;
        } catch (UnknownMemberIdException | GroupNotEmptyException e) {
            return false;
        } catch (GroupAuthorizationException e) {
            throw GroupAuthorizationException.forGroupId(group);
        } catch (TimeoutException e) {
            throw new UnavailableException(
                    "Kafka at " + servers + " did not take the offsets of group '" + group + "' within 30 s");
        }
    }

    private UnavailableException unreachable() {
        return new UnavailableException("no Kafka broker reachable at " + servers + " within 10 s");
    }

    String servers() {
        return servers;
    }

    private static List<String> topics(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(TopicPartition::topic)
                .distinct()
                .sorted()
                .collect(Collectors.toList());
    }

    private <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw ClientFailures.explained(servers, cause);
            }
            throw new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
