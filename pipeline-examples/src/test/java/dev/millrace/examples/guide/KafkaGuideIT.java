package dev.millrace.examples.guide;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.TestServers;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.KafkaSink;
import dev.millrace.kafka.KafkaSource;
import dev.millrace.kafka.Redrive;
import dev.millrace.kafka.RedriveSummary;
import dev.millrace.kafka.StartPosition;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The code of the page on Kafka. */
@ExtendWith(KafkaServerExtension.class)
@Timeout(600)
class KafkaGuideIT {

    record Rating(String user, String movie, int rating) {}

    private static final Instant SINCE = Instant.parse("2025-03-25T00:00:00Z");

    private KafkaServer server;
    private Kafka kafka;

    @BeforeEach
    void beginAnew(KafkaServer server) throws Exception {
        this.server = server;
        this.kafka = Kafka.at(server.bootstrapServers());
        TestServers.clear(server);
        Patiently.createTopics(
                Map.of("bootstrap.servers", server.bootstrapServers()),
                "ratings",
                "good-ratings",
                "other-ratings",
                "ratings-dlq");
    }

    @Test
    void shouldWriteWhatIsGoodAndKeepWhatIsNone() throws Exception {
        send("Maria", 9);
        sendAsIs(null, "no rating", SINCE);
        send("Henry", 3);

        Patiently.finish(goodRatings());

        assertThat(records("good-ratings"))
                .singleElement()
                .satisfies(record -> assertThat(record.key()).isEqualTo("Maria"));
        assertThat(records("ratings-dlq")).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isEqualTo("no rating");
            assertThat(header(letter, "__connect.errors.offset")).isEqualTo("1");
            assertThat(header(letter, "millrace.stage")).isEqualTo("from");
        });
    }

    private Pipeline goodRatings() {
        // docs:begin
        return Pipeline.named("good-ratings")
                .from(kafka.source("ratings", JsonSerde.of(Rating.class)))
                .filter(rating -> rating.rating() >= 7)
                .to(
                        kafka.sink("good-ratings", JsonSerde.of(Rating.class)).keyedBy(Rating::user),
                        with().onFailure(deadLetter(kafka.deadLetters("ratings-dlq"))));
        // docs:end
    }

    @Test
    void shouldPutDeadLettersBack() throws Exception {
        sendAsIs("Maria", "no rating", SINCE);
        Patiently.finish(goodRatings());

        Patiently.call(this::putBack);

        assertThat(records("ratings")).extracting(ConsumerRecord::value).containsExactly("no rating", "no rating");
    }

    private RedriveSummary putBack() throws InterruptedException {
        // docs:begin
        Redrive redrive = kafka.redrive("ratings-dlq").into("ratings").perSecond(100);
        RedriveSummary would = redrive.dryRun();
        RedriveSummary has = redrive.run();
        // docs:end
        assertThat(would.isDryRun()).isTrue();
        assertThat(would.replayed()).isEqualTo(1);
        assertThat(has.replayedByTopic()).containsExactly(Map.entry("ratings", 1L));
        return has;
    }

    @Test
    void shouldPassPropertiesOn() throws Exception {
        kafka = tuned(server.bootstrapServers());
        send("Maria", 9);

        Patiently.finish(goodRatings());

        assertThat(records("good-ratings")).hasSize(1);
        assertThat(kafka.toString()).contains("compression.type=lz4");
    }

    private static Kafka tuned(String brokers) {
        // docs:begin
        return Kafka.at(brokers)
                .with("client.rack", "eu-west-1a")
                .with("group.protocol", "consumer")
                .with("compression.type", "lz4");
        // docs:end
    }

    @Test
    void shouldReadKeysAsTextAndPassOverTombstones() throws Exception {
        send("Maria", 9);
        sendAsIs("Henry", null, SINCE);
        List<Object> keys = Collections.synchronizedList(new ArrayList<>());

        Patiently.finish(Pipeline.named("keys")
                .from(keyed())
                .peek(record -> keys.add(String.valueOf(record.key())))
                .to(Sinks.discard()));

        assertThat(keys).containsExactly("Maria");
    }

    private KafkaSource<Rating> keyed() {
        // docs:begin
        return kafka.source("ratings", JsonSerde.of(Rating.class).refusingUnknownProperties())
                .keys(Serdes.String())
                .skipTombstones();
        // docs:end
    }

    @Test
    void shouldReadWhatThereIsSinceATime() throws Exception {
        sendAsIs("Maria", rating("Maria", 1), SINCE.minusSeconds(1));
        sendAsIs("Maria", rating("Maria", 2), SINCE);
        sendAsIs("Maria", rating("Maria", 3), SINCE.plusSeconds(1));
        List<Rating> read = new ArrayList<>();

        Patiently.run(Pipeline.named("since").from(since(SINCE)).to(Sinks.into(read)));

        assertThat(read).extracting(Rating::rating).containsExactly(2, 3);
    }

    private KafkaSource<Rating> since(Instant time) {
        // docs:begin
        return kafka.source("ratings", JsonSerde.of(Rating.class))
                .from(StartPosition.timestamp(time))
                .untilEnd();
        // docs:end
    }

    @Test
    void shouldReadAgainWhatItHasRead() throws Exception {
        send("Maria", 9);
        List<Rating> read = new ArrayList<>();

        Patiently.finish(Pipeline.named("again").from(again()).to(Sinks.into(read)));
        awaitEmpty("again");
        Patiently.finish(Pipeline.named("again").from(again()).to(Sinks.into(read)));

        assertThat(read).hasSize(2);
    }

    /** A member that could not say in time that it leaves is in its group until its session is over. */
    private void awaitEmpty(String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            TestServers.await(() -> {
                try {
                    return admin.describeConsumerGroups(List.of(group))
                            .describedGroups()
                            .get(group)
                            .get()
                            .members()
                            .isEmpty();
                } catch (InterruptedException | ExecutionException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private KafkaSource<Rating> again() {
        // docs:begin
        return kafka.source("ratings", JsonSerde.of(Rating.class))
                .from(StartPosition.earliest().ignoringCommitted());
        // docs:end
    }

    @Test
    void shouldChooseATopicForEachRecord() throws Exception {
        send("Maria", 9);
        send("Henry", 3);

        Patiently.finish(Pipeline.named("sorted")
                .from(kafka.source("ratings", JsonSerde.of(Rating.class)))
                .to(sorted()));

        assertThat(records("good-ratings")).extracting(ConsumerRecord::key).containsExactly("Maria");
        assertThat(records("other-ratings")).extracting(ConsumerRecord::key).containsExactly("Henry");
    }

    private KafkaSink<Rating> sorted() {
        // docs:begin
        return kafka.sink("other-ratings", JsonSerde.of(Rating.class))
                .keyedBy(Rating::user)
                .topic(rating -> rating.rating() >= 7 ? "good-ratings" : null);
        // docs:end
    }

    private static String rating(String user, int rating) {
        return "{\"user\":\"" + user + "\",\"movie\":\"Halkaa\",\"rating\":" + rating + "}";
    }

    private void send(String user, int rating) throws Exception {
        sendAsIs(user, rating(user, rating), SINCE);
    }

    private void sendAsIs(String key, String value, Instant time) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("ratings", 0, time.toEpochMilli(), key, value))
                    .get();
        }
    }

    private List<ConsumerRecord<String, String>> records(String topic) {
        return TestServers.records(server, topic);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
