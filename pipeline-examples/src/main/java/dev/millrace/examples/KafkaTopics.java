package dev.millrace.examples;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a Kafka, by its own client; who gets it wrong is told in a line. */
final class KafkaTopics {

    private static final long PAUSE_MILLIS = 20;

    private final String address;
    private final int patienceSeconds;

    KafkaTopics(String address, int patienceSeconds) {
        this.address = address;
        this.patienceSeconds = patienceSeconds;
    }

    /** Creates a topic; one that exists must have these settings. */
    void create(String name, int partitions, Map<String, String> settings) throws InterruptedException {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
        try (Admin admin = admin()) {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof TopicExistsException)) {
                throw told("the topic '" + name + "' cannot be created", failure);
            }
            check(name, settings);
        }
    }

    private void check(String name, Map<String, String> settings) throws InterruptedException {
        if (settings.isEmpty()) {
            return;
        }
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = admin()) {
            for (Config present :
                    known(() -> admin.describeConfigs(List.of(topic)).all()).values()) {
                settings.forEach((setting, wanted) -> {
                    String got = present.get(setting).value();
                    if (!wanted.equals(got)) {
                        throw new ExampleException(
                                "the topic '" + name + "' must have " + setting + " " + wanted + ", got " + got);
                    }
                });
            }
        } catch (ExecutionException failure) {
            throw told("the topic '" + name + "' cannot be looked at", failure);
        }
    }

    /** Refuses a topic that has more partitions, or fewer. */
    void requirePartitions(String name, int count) throws InterruptedException {
        try (Admin admin = admin()) {
            for (TopicDescription topic : known(
                            () -> admin.describeTopics(List.of(name)).allTopicNames())
                    .values()) {
                int partitions = topic.partitions().size();
                if (partitions != count) {
                    throw new ExampleException("the topic '" + name + "' must have " + count
                            + (count == 1 ? " partition" : " partitions") + ", got " + partitions);
                }
            }
        } catch (ExecutionException failure) {
            throw told("the topic '" + name + "' cannot be looked at", failure);
        }
    }

    /** The offset of the next record of a topic, which must have one partition. */
    long endOf(String name) throws InterruptedException {
        requirePartitions(name, 1);
        TopicPartition partition = new TopicPartition(name, 0);
        try (Admin admin = admin()) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException failure) {
            throw told("the topic '" + name + "' cannot be looked at", failure);
        }
    }

    /** What is told of a topic that there is; a broker may hear of a new one only after its creation was answered. */
    private <T> T known(Supplier<KafkaFuture<T>> question) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        while (true) {
            try {
                return question.get().get();
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)
                        || System.nanoTime() - deadline > 0) {
                    throw failure;
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers", address,
                "default.api.timeout.ms", patienceSeconds * 1_000,
                "request.timeout.ms", patienceSeconds * 1_000));
    }

    private ExampleException told(String problem, ExecutionException failure) {
        return new ExampleException(
                failure.getCause() instanceof TimeoutException
                        ? "no Kafka answers at " + address
                        : problem + ": " + OneLine.of(failure.getCause() == null ? failure : failure.getCause()));
    }
}
