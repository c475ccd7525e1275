package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * One broker for all tests of the module, and plain clients to look at it from outside. Topics have names of their own.
 */
final class Broker {

    private static final int LARGEST = 6 << 20;
    private static final int LARGEST_REQUEST = 24 << 20;

    private static final class Shared {
        /** It ends with this JVM. */
        private static final Broker BROKER = new Broker(KafkaServer.builder()
                .property("message.max.bytes", Integer.toString(LARGEST))
                .property("transaction.state.log.replication.factor", "1")
                .property("transaction.state.log.min.isr", "1")
                .property("group.initial.rebalance.delay.ms", "0")
                .property("group.consumer.min.heartbeat.interval.ms", "100")
                .property("group.consumer.heartbeat.interval.ms", "200")
                .property("log.cleaner.backoff.ms", "500")
                // Looks at once and all the time for what topics need not retain any more.
                .property("log.initial.task.delay.ms", "500")
                .property("log.retention.check.interval.ms", "500")
                // Everybody may do everything but for what a test denies.
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("allow.everyone.if.no.acl.found", "true")
                .start());
    }

    private final KafkaServer server;
    /** What plain clients need to log in. */
    private final Map<String, Object> login;
    /** Of a broker that ends with this JVM: many tests ask it many times a second. */
    private final @Nullable Admin admin;

    private Broker(KafkaServer server) {
        this.server = server;
        this.login = Map.of();
        this.admin = Admin.create(config(Map.of()));
    }

    private Broker(KafkaServer server, Map<String, Object> login) {
        this.server = server;
        this.login = login;
        this.admin = null;
    }

    static Broker shared() {
        return Shared.BROKER;
    }

    static Broker of(KafkaServer server) {
        return of(server, Map.of());
    }

    static Broker of(KafkaServer server, Map<String, Object> login) {
        return new Broker(server, login);
    }

    String servers() {
        return server.bootstrapServers();
    }

    Kafka kafka() {
        return Kafka.at(servers());
    }

    String newTopic(int partitions) {
        return newTopic(partitions, Map.of());
    }

    String newTopic(int partitions, Map<String, String> configs) {
        String topic = "t-" + UUID.randomUUID();
        create(new NewTopic(topic, partitions, (short) 1).configs(configs));
        return topic;
    }

    static String newGroup() {
        return "g-" + UUID.randomUUID();
    }

    void send(String topic, int partition, String... values) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ProducerRecord<>(topic, partition, ("k" + value).getBytes(UTF_8), value.getBytes(UTF_8)));
        }
        List<Long> unused = send(records);
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        List<Long> unused = send(List.of(record));
    }

    /** In this order; returns their offsets. */
    List<Long> send(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> config = config(Map.of("max.request.size", LARGEST_REQUEST, "linger.ms", 0));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                answers.add(producer.send(record));
            }
            List<Long> offsets = new ArrayList<>();
            for (Future<RecordMetadata> answer : answers) {
                offsets.add(answer.get().offset());
            }
            return offsets;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends values to all partitions in turn, keyed by partition. */
    void spread(String topic, List<String> values) {
        int partitions = partitions(topic);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            int partition = i % partitions;
            records.add(new ProducerRecord<>(
                    topic,
                    partition,
                    ("k" + partition).getBytes(UTF_8),
                    values.get(i).getBytes(UTF_8)));
        }
        List<Long> unused = send(records);
    }

    Uuid topicId(String topic) {
        return describe(topic).topicId();
    }

    private TopicDescription describe(String topic) {
        return admin(admin ->
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
    }

    /** Deletes a topic and creates another one of its name and one partition. */
    void recreate(String topic) {
        delete(topic);
        createAgain(topic);
    }

    void delete(String topic) {
        Uuid id = topicId(topic);
        admin(admin -> admin.deleteTopics(List.of(topic)).all().get());
        Collected.await("the topic is gone", () -> !topicIds().contains(id), this::topicIds);
    }

    void grow(String topic, int partitions) {
        admin(admin -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all()
                .get());
        Collected.await("it has grown", () -> partitions(topic) == partitions, () -> partitions(topic));
        // Asks until each has a leader that knows of it.
        IntStream.range(0, partitions).forEach(partition -> end(topic, partition));
    }

    private int partitions(String topic) {
        return describe(topic).partitions().size();
    }

    void createAgain(String topic) {
        create(new NewTopic(topic, 1, (short) 1));
    }

    private void create(NewTopic topic) {
        Uuid id = admin(admin ->
                admin.createTopics(List.of(topic)).topicId(topic.name()).get());
        // The broker that has made it may know of it a moment later, and until then of a former one by that name.
        Collected.await("the topic is there", () -> topicIds().contains(id), this::topicIds);
    }

    private Set<Uuid> topicIds() {
        return admin(admin -> admin.listTopics().listings().get()).stream()
                .map(TopicListing::topicId)
                .collect(Collectors.toSet());
    }

    /** The records of a topic from its begin to its present end. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        Map<String, Object> config = config(Map.of("auto.offset.reset", "earliest", "enable.auto.commit", false));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    Map<Integer, Long> committed(String group, String topic) {
        Map<Integer, Long> committed = new HashMap<>();
        commits(group).forEach((partition, offset) -> {
            if (partition.topic().equals(topic)) {
                committed.put(partition.partition(), offset.offset());
            }
        });
        return committed;
    }

    Map<TopicPartition, OffsetAndMetadata> commits(String group) {
        return admin(admin -> admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get());
    }

    void commit(String group, String topic, Map<Integer, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        offsets.forEach((partition, offset) ->
                commits.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
        admin(admin -> admin.alterConsumerGroupOffsets(group, commits).all().get());
    }

    /** Deletes the first records of a partition, as retention does. */
    void deleteBefore(String topic, int partition, long offset) {
        admin(admin -> admin.deleteRecords(
                        Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get());
    }

    long begin(String topic, int partition) {
        return offset(topic, partition, OffsetSpec.earliest());
    }

    long end(String topic, int partition) {
        return offset(topic, partition, OffsetSpec.latest());
    }

    /**
     * The end once no transaction is open: a producer hears that one has ended before its marker is in the partition.
     */
    long endOfTransactions(String topic, int partition) {
        Collected.await(
                "no transaction is open",
                () -> stableEnd(topic, partition) == end(topic, partition),
                () -> stableEnd(topic, partition) + " of " + end(topic, partition));
        return end(topic, partition);
    }

    private long stableEnd(String topic, int partition) {
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        return offset(topic, partition, OffsetSpec.latest(), committed);
    }

    private long offset(String topic, int partition, OffsetSpec spec) {
        return offset(topic, partition, spec, new ListOffsetsOptions());
    }

    private long offset(String topic, int partition, OffsetSpec spec, ListOffsetsOptions options) {
        TopicPartition which = new TopicPartition(topic, partition);
        return admin(admin -> admin.listOffsets(Map.of(which, spec), options)
                .partitionResult(which)
                .get()
                .offset());
    }

    private Map<String, Object> config(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(login);
        config.putAll(more);
        config.put("bootstrap.servers", servers());
        return config;
    }

    interface Call<T> {
        T on(Admin admin) throws InterruptedException, ExecutionException;
    }

    <T> T admin(Call<T> call) {
        if (admin != null) {
            return answer(call, admin);
        }
        try (Admin passing = Admin.create(config(Map.of()))) {
            return answer(call, passing);
        }
    }

    private static <T> T answer(Call<T> call, Admin admin) {
        try {
            return call.on(admin);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
