package dev.millrace.examples.ratings;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.TestServers;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(KafkaServerExtension.class)
class DirtyRatingsIT {

    /** Nobody kills it, so it need not wait for its disk with every few rows. */
    @RegisterExtension
    static final CassandraServerExtension CASSANDRA = CassandraServerExtension.of(
            CassandraServer.builder().property("commitlog_sync", "periodic").property("commitlog_sync_period", "10s"));

    private static final int MESSAGES = 300_000;
    private static final long SEED = 20_250_325;

    private final Set<String> validRows = new HashSet<>();
    private final Set<String> brokenMessages = new HashSet<>();
    private long withoutUser;

    @Test
    void shouldStoreEveryValidRatingAndKeepEveryOtherMessageByteForByte(KafkaServer kafka, CassandraServer cassandra)
            throws Exception {
        SystemServers.clear(kafka, cassandra);
        send(kafka);

        PipelineStats stats = runUntilAllIsDone(kafka, cassandra);

        assertThat(rows(cassandra)).isEqualTo(validRows);
        assertThat(deadLetters(kafka)).isEqualTo(brokenMessages);
        assertThat(validRows.size() + withoutUser + brokenMessages.size()).isEqualTo(MESSAGES);
        assertThat(stats.recordsRead()).isEqualTo(MESSAGES);
        assertThat(stats.stage("filter").dropped()).isEqualTo(withoutUser);
        assertThat(stats.stage("to").out()).isEqualTo(validRows.size());
        assertThat(stats.deadLetters()).isEqualTo(brokenMessages.size());
        try (Admin admin = SystemServers.admin(kafka)) {
            assertThat(SystemServers.lag(admin, "movie-ratings", RatingsSchema.TOPIC, MESSAGES))
                    .isZero();
        }
    }

    private void send(KafkaServer kafka) throws Exception {
        DirtyRatings messages = new DirtyRatings(RatingsSchema.TOPIC, Titles.sample(), SEED);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20, "batch.size", 65_536),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sends = new ArrayList<>(MESSAGES);
            for (int i = 0; i < MESSAGES; i++) {
                DirtyRatings.Message message = messages.next();
                sends.add(producer.send(message.record()));
                switch (message.kind()) {
                    case VALID -> validRows.add(message.row());
                    case WITHOUT_USER -> withoutUser++;
                    case BROKEN ->
                        brokenMessages.add(DirtyRatings.fingerprint(
                                message.record().headers(),
                                message.record().key(),
                                message.record().value()));
                }
            }
            for (Future<RecordMetadata> send : sends) {
                send.get();
            }
        }
    }

    private static PipelineStats runUntilAllIsDone(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        RunningPipeline running = PipelineRunner.create()
                .start(RatingsPipeline.of(
                        new ReadOptions().on(Kafka.at(kafka.bootstrapServers())),
                        new CatalogueOptions().movies(),
                        Cassandra.at(TestServers.address(cassandra))));
        try (running) {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
            while (running.stats().recordsDone() < MESSAGES && System.nanoTime() < deadline) {
                assertThat(running.awaitTermination(Duration.ofMillis(100)))
                        .as("it must not end by itself")
                        .isFalse();
            }
            assertThat(running.stats().recordsDone()).as(running.explain()).isEqualTo(MESSAGES);
        }
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        return running.stats();
    }

    private static Set<String> rows(CassandraServer cassandra) {
        Set<String> rows = new HashSet<>();
        try (CqlSession session = TestServers.session(cassandra)) {
            for (Row row : session.execute("SELECT user_name, rating_timestamp, movie_name FROM netflix.ratings")) {
                rows.add(row.getString(0) + '|' + row.getInstant(1) + '|' + row.getString(2));
            }
        }
        return rows;
    }

    private static Set<String> deadLetters(KafkaServer kafka) {
        TopicPartition partition = new TopicPartition(RatingsSchema.DEAD_LETTERS, 0);
        Set<String> letters = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(letter ->
                                letters.add(DirtyRatings.fingerprint(letter.headers(), letter.key(), letter.value())));
            }
        }
        return letters;
    }
}
