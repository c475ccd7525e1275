package dev.millrace.benchmarks.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The servers, the ratings that wait in them, and a look at what a contender has done there. */
final class Bed implements AutoCloseable {

    private static final int PARTITIONS = 4;
    private static final int KAFKA_HEAP = 1_024;
    private static final int CASSANDRA_HEAP = 3_072;
    private static final int PAGE = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** The test kit starts servers fast; these are to be fast for long. */
    private static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

    private final KafkaServer kafka;
    private final Admin admin;
    private final @Nullable CassandraServer cassandra;
    private final @Nullable CqlSession session;
    private int runs;

    Bed(Set<SinkKind> sinks) {
        kafka = KafkaServer.builder()
                .heapMegabytes(KAFKA_HEAP)
                .jvmOption(ALL_COMPILERS)
                .start();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
        if (sinks.contains(SinkKind.CASSANDRA)) {
            cassandra = CassandraServer.builder()
                    .heapMegabytes(CASSANDRA_HEAP)
                    .jvmOption(ALL_COMPILERS)
                    .start();
            session = CqlSession.builder()
                    .addContactPoint(cassandra.contactPoint())
                    .withLocalDatacenter("datacenter1")
                    .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                            .build())
                    .build();
            session.execute("CREATE KEYSPACE bench"
                    + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        } else {
            cassandra = null;
            session = null;
        }
    }

    /** Fills a topic of its own with so many ratings, and returns its name. */
    String load(long records, SinkKind sink) throws Exception {
        String topic = "ratings-" + sink;
        createTopic(topic);
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 17);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        Ratings ratings = new Ratings();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (long i = 0; i < records; i++) {
                var unused = producer.send(ratings.next(topic));
            }
        }
        long stored = ends(topic).values().stream().mapToLong(end -> end).sum();
        require(stored == records, "the topic holds " + stored + " records, not " + records);
        return topic;
    }

    private void createTopic(String topic) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all()
                .get();
    }

    /** A task with a group, a topic and a table that nobody has used before. */
    Task task(String topic, long records, SinkKind sink, String variant) throws Exception {
        String name = "run_" + ++runs;
        if (sink == SinkKind.KAFKA) {
            createTopic(name);
        }
        if (session != null && sink == SinkKind.CASSANDRA) {
            session.execute("CREATE TABLE bench." + name + CassandraInserts.COLUMNS);
        }
        String address = cassandra == null
                ? ""
                : cassandra.contactPoint().getHostString() + ":"
                        + cassandra.contactPoint().getPort();
        return new Task(kafka.bootstrapServers(), topic, name, records, sink, name, address, "bench." + name, variant);
    }

    /** Fails unless all is where it should be, and committed; then clears it away. */
    void check(Task task) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(task.group())
                .partitionsToOffsetAndMetadata()
                .get();
        ends(task.topic()).forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            require(
                    offset != null && offset.offset() == end,
                    partition + " ends at " + end + ", but committed is " + offset);
        });
        if (task.sink() == SinkKind.KAFKA) {
            long written =
                    ends(task.output()).values().stream().mapToLong(end -> end).sum();
            require(written >= task.records(), "only " + written + " of " + task.records() + " are in the topic");
            admin.deleteTopics(List.of(task.output())).all().get();
        }
        if (session != null && task.sink() == SinkKind.CASSANDRA) {
            long rows = 0;
            SimpleStatement all = SimpleStatement.newInstance("SELECT rating FROM " + task.table())
                    .setPageSize(PAGE);
            for (var unused : session.execute(all)) {
                rows++;
            }
            require(rows == task.records(), rows + " rows of " + task.records() + " records");
            session.execute("DROP TABLE " + task.table());
        }
    }

    private Map<TopicPartition, Long> ends(String topic) throws Exception {
        return admin
                .listOffsets(IntStream.range(0, PARTITIONS)
                        .mapToObj(number -> new TopicPartition(topic, number))
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new BenchException(otherwise);
        }
    }

    @Override
    public void close() {
        if (session != null && cassandra != null) {
            session.close();
            cassandra.close();
        }
        admin.close();
        kafka.close();
    }
}
