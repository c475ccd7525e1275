package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.KeyedRecord;
import dev.millrace.benchmarks.workload.KeyedTask;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The servers, the records that wait in them, and a look at what a contender has done there. */
final class Bed implements AutoCloseable {

    private static final int PARTITIONS = 4;
    private static final int KEYED_PARTITIONS = 8;
    private static final int KAFKA_HEAP = 1_024;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final KafkaServer kafka;
    private final Admin admin;
    private @Nullable RowStore rows;
    private int runs;

    Bed() {
        kafka = KafkaServer.builder()
                .heapMegabytes(KAFKA_HEAP)
                .jvmOption(RowStore.ALL_COMPILERS)
                .start();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    /** Cassandra, from the first time on that it is asked for: until then it takes nothing from the others. */
    private RowStore rows() {
        if (rows == null) {
            rows = new RowStore();
        }
        return rows;
    }

    /** Fills a topic of its own with so many ratings, and returns its name. */
    String load(long records) throws Exception {
        String topic = emptyTopic();
        Ratings ratings = new Ratings();
        try (KafkaProducer<String, String> producer = loader(new StringSerializer())) {
            for (long i = 0; i < records; i++) {
                var unused = producer.send(ratings.next(topic));
            }
        }
        requireFull(topic, records);
        return topic;
    }

    /** An empty topic for ratings. */
    String emptyTopic() throws Exception {
        String topic = "ratings-" + ++runs;
        createTopic(topic, PARTITIONS);
        return topic;
    }

    /** Fills a topic of its own with so many records of so many keys, in no order, and returns its name. */
    String loadKeyed(long records, int keys) throws Exception {
        String topic = "keyed-" + ++runs;
        createTopic(topic, KEYED_PARTITIONS);
        Random random = new Random(7);
        long[] sequences = new long[keys];
        try (KafkaProducer<byte[], byte[]> producer = loader(new ByteArraySerializer())) {
            for (long i = 0; i < records; i++) {
                int key = random.nextInt(keys);
                KeyedRecord record = new KeyedRecord(key, sequences[key]++);
                var unused = producer.send(new ProducerRecord<>(topic, record.keyBytes(), record.value()));
            }
        }
        requireFull(topic, records);
        return topic;
    }

    private <T> KafkaProducer<T, T> loader(Serializer<T> serializer) {
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 17);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        return new KafkaProducer<>(settings, serializer, serializer);
    }

    private void requireFull(String topic, long records) throws Exception {
        long stored = ends(topic).values().stream().mapToLong(end -> end).sum();
        BenchException.require(stored == records, "the topic holds " + stored + " records, not " + records);
    }

    private void createTopic(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
        awaitLeaders(topic);
    }

    /** A producer that meets a partition without a leader may get its batches out of order, and never over that. */
    private void awaitLeaders(String topic) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                ends(topic);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    void deleteTopic(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    /** A task with a group, a topic and a table that nobody has used before. */
    Task task(String topic, long records, SinkKind sink, String variant) throws Exception {
        String name = "run_" + ++runs;
        if (sink == SinkKind.KAFKA) {
            createTopic(name, PARTITIONS);
        }
        String address = "";
        String table = "";
        if (sink == SinkKind.CASSANDRA) {
            address = rows().address();
            table = rows().create(name);
        }
        return new Task(kafka.bootstrapServers(), topic, name, records, sink, name, address, table, variant, "");
    }

    /** Has Cassandra stand still for a part of the time, until that is released. */
    Brake brake(int percent) {
        return rows().brake(percent);
    }

    /** Clears away what a run has left that did not come to its end. */
    void forget(Task task) {
        rows().drop(task.table());
    }

    /** As {@link #task}, for work key by key. */
    KeyedTask keyedTask(String topic, long records, int keys, int millis, KeyedTask.Way way, int concurrency) {
        return new KeyedTask(kafka.bootstrapServers(), topic, "run_" + ++runs, records, keys, millis, way, concurrency);
    }

    /** Fails unless all is where it should be, and committed; then clears it away. */
    void check(Task task) throws Exception {
        checkCommitted(task.group(), task.topic());
        if (task.sink() == SinkKind.KAFKA) {
            long written =
                    ends(task.output()).values().stream().mapToLong(end -> end).sum();
            BenchException.require(
                    written >= task.records(), "only " + written + " of " + task.records() + " are in the topic");
            deleteTopic(task.output());
        }
        if (task.sink() == SinkKind.CASSANDRA) {
            long stored = rows().count(task.table());
            BenchException.require(stored == task.records(), stored + " rows of " + task.records() + " records");
            rows().drop(task.table());
        }
    }

    /** Fails unless a group has committed a topic to its end. */
    void checkCommitted(String group, String topic) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        ends(topic).forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            // Of a partition without records there is nothing to commit.
            BenchException.require(
                    end == 0 || offset != null && offset.offset() == end,
                    partition + " ends at " + end + ", but committed is " + offset);
        });
    }

    private Map<TopicPartition, Long> ends(String topic) throws Exception {
        int partitions = Objects.requireNonNull(admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic))
                .partitions()
                .size();
        return admin
                .listOffsets(IntStream.range(0, partitions)
                        .mapToObj(number -> new TopicPartition(topic, number))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
        admin.close();
        kafka.close();
    }
}
