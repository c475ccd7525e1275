package dev.millrace.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What a client does, with Kafka's own clients. */
final class KafkaRoundTrip {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final long STEP_NANOS = 10_000_000;

    private KafkaRoundTrip() {}

    static void createTopic(KafkaServer kafka, String topic) {
        createTopic(kafka.bootstrapServers(), topic);
    }

    /** Of one partition, with as many copies as the brokers make. */
    static void createTopic(String servers, String topic) {
        try (Admin admin = admin(servers)) {
            NewTopic described = new NewTopic(topic, Optional.of(1), Optional.empty());
            await(admin.createTopics(List.of(described)).all());
        }
    }

    /** The ids of the brokers that have a copy of the topic's partition. */
    static List<Integer> copies(String servers, String topic) {
        return ids(partition(servers, topic).replicas());
    }

    static int leader(String servers, String topic) {
        return partition(servers, topic).leader().id();
    }

    static void awaitInSync(String servers, String topic, int copies) {
        Instant deadline = Instant.now().plus(DEADLINE);
        List<Integer> inSync = ids(partition(servers, topic).isr());
        while (inSync.size() < copies) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("in sync after " + DEADLINE + ": " + inSync);
            }
            LockSupport.parkNanos(STEP_NANOS);
            inSync = ids(partition(servers, topic).isr());
        }
    }

    /** Waits until the broker that is asked has heard of the topic, and of its leader. */
    private static TopicPartitionInfo partition(String servers, String topic) {
        Instant deadline = Instant.now().plus(DEADLINE);
        try (Admin admin = admin(servers)) {
            while (true) {
                try {
                    TopicPartitionInfo partition = await(
                                    admin.describeTopics(List.of(topic)).allTopicNames())
                            .get(topic)
                            .partitions()
                            .get(0);
                    if (partition.leader() != null || Instant.now().isAfter(deadline)) {
                        return partition;
                    }
                } catch (CompletionException e) {
                    if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                            || Instant.now().isAfter(deadline)) {
                        throw e;
                    }
                }
                LockSupport.parkNanos(STEP_NANOS);
            }
        }
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.of(
                "bootstrap.servers",
                servers,
                // A request that is made again finds its own topic there already.
                "request.timeout.ms",
                (int) DEADLINE.toMillis(),
                "default.api.timeout.ms",
                (int) DEADLINE.toMillis()));
    }

    private static <T> T await(KafkaFuture<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    static void send(KafkaServer kafka, String topic, String... values) {
        send(kafka.bootstrapServers(), topic, values);
    }

    static void send(String servers, String topic, String... values) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", servers, "max.block.ms", DEADLINE.toMillis(), "delivery.timeout.ms", (int)
                        DEADLINE.toMillis());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (String value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, value)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> read(KafkaServer kafka, String topic, String protocol, int count) {
        return read(kafka.bootstrapServers(), topic, protocol, count);
    }

    static List<String> read(String servers, String topic, String protocol, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                servers,
                "group.id",
                "readers-" + protocol,
                "group.protocol",
                protocol,
                "auto.offset.reset",
                "earliest");
        List<String> values = new ArrayList<>();
        Instant deadline = Instant.now().plus(DEADLINE);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count && Instant.now().isBefore(deadline)) {
                for (ConsumerRecord<String, String> read : consumer.poll(Duration.ofMillis(200))) {
                    values.add(read.value());
                }
            }
        }
        return values;
    }
}
