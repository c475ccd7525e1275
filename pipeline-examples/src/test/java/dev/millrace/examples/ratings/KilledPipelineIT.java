package dev.millrace.examples.ratings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The pipeline in a process of its own, killed in the midst of its work again and again while ratings go on arriving.
 */
@ExtendWith({KafkaServerExtension.class, CassandraServerExtension.class})
class KilledPipelineIT {

    private static final int KILLS = Integer.getInteger("millrace.kills", 10);
    private static final int RECORDS_A_SECOND = 1_000;
    private static final String GROUP = "movie-ratings";
    private static final Instant START = Instant.parse("2025-03-25T00:00:00Z");

    private final long seed = Long.getLong("millrace.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** What Kafka has acknowledged: by partition and offset the row that must come of it. */
    private final Map<TopicPartition, ConcurrentSkipListMap<Long, String>> sent = new ConcurrentHashMap<>();

    private int number;

    @Test
    void shouldLoseNothingHoweverOftenItIsKilled(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        System.out.println("seed " + seed + ", to repeat it: -Dmillrace.seed=" + seed);
        SystemServers.clear(kafka, cassandra);
        List<String> titles = Titles.sample();
        ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
        try (Admin admin = SystemServers.admin(kafka);
                CqlSession session = RatingsTable.session(cassandra);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Future<?> unused = load.scheduleAtFixedRate(() -> send(producer, titles), 0, 100, TimeUnit.MILLISECONDS);
            long committed = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                try (ChildJvm pipeline = start(kafka, cassandra)) {
                    awaitCommitBeyond(committed, admin, pipeline);
                    // Not for something to happen: the moment of the kill is drawn by lot.
                    assertThat(new CountDownLatch(1).await(random.nextInt(1_500), TimeUnit.MILLISECONDS))
                            .isFalse();
                    pipeline.kill();
                }
                committed = checkFrozenState(kill, admin, session);
            }
            load.shutdown();
            assertThat(load.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            producer.flush();
            long all = sent.values().stream().mapToLong(Map::size).sum();
            try (ChildJvm pipeline = start(kafka, cassandra)) {
                awaitCommitBeyond(all - 1, admin, pipeline);
                // In good order, so that the group is empty for who comes next.
                pipeline.interrupt();
                pipeline.awaitExit();
            }
            Set<String> expected = new HashSet<>();
            sent.values().forEach(rows -> expected.addAll(rows.values()));
            assertThat(rows(session)).isEqualTo(expected);
            System.out.println(KILLS + " kills, " + all + " ratings, none lost");
        } finally {
            load.shutdownNow();
        }
    }

    private static ChildJvm start(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("ratings-to-cassandra"));
        arguments.addAll(SystemServers.options(kafka, cassandra));
        // The broker notices a killed member after this time, and only then gives its partitions away.
        arguments.addAll(List.of("--kafka-property", "session.timeout.ms=6000"));
        return ChildJvm.run(arguments.toArray(String[]::new));
    }

    private void send(KafkaProducer<byte[], byte[]> producer, List<String> titles) {
        for (int i = 0; i < RECORDS_A_SECOND / 10; i++) {
            String user = "user " + random.nextInt(500);
            String title = titles.get(number % titles.size());
            Instant time = START.plusMillis(number++);
            String json = "{\"user\":\"%s\",\"movie\":\"%s\",\"rating\":5,\"timestamp\":\"%s\"}"
                    .formatted(user, title.replace("\\", "\\\\").replace("\"", "\\\""), time);
            String row = user + '|' + time + '|' + title;
            Future<?> unused = producer.send(
                    new ProducerRecord<>(RatingsSchema.TOPIC, user.getBytes(UTF_8), json.getBytes(UTF_8)),
                    (metadata, failure) -> {
                        if (failure == null) {
                            sent.computeIfAbsent(
                                            new TopicPartition(metadata.topic(), metadata.partition()),
                                            partition -> new ConcurrentSkipListMap<>())
                                    .put(metadata.offset(), row);
                        }
                    });
        }
    }

    /** With nobody running: every record below a committed offset is in the table. */
    private long checkFrozenState(int kill, Admin admin, CqlSession session) throws Exception {
        Map<TopicPartition, Long> committed = committed(admin);
        Set<String> rows = rows(session);
        committed.forEach((partition, offset) -> {
            Set<String> promised =
                    new HashSet<>(sent.get(partition).headMap(offset).values());
            promised.removeAll(rows);
            assertThat(promised)
                    .as("kill %s, %s: committed up to %s, but not in the table", kill, partition, offset)
                    .isEmpty();
        });
        return committed.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void awaitCommitBeyond(long offsets, Admin admin, ChildJvm pipeline) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (committed(admin).values().stream().mapToLong(Long::longValue).sum() <= offsets) {
            assertThat(System.nanoTime() < deadline && pipeline.isAlive())
                    .as("no progress; the pipeline printed:\n%s", pipeline.output())
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static Map<TopicPartition, Long> committed(Admin admin) throws Exception {
        Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
        admin.listConsumerGroupOffsets(Map.of(GROUP, new ListConsumerGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(GROUP)
                .get(60, TimeUnit.SECONDS)
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    private static Set<String> rows(CqlSession session) {
        Set<String> rows = new HashSet<>();
        for (Row row : session.execute("SELECT user_name, rating_timestamp, movie_name FROM netflix.ratings")) {
            rows.add(row.getString(0) + '|' + row.getInstant(1) + '|' + row.getString(2));
        }
        return rows;
    }
}
