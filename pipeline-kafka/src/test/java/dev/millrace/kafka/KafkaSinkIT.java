package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.Headers;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.testkit.KafkaServer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaSinkIT {

    record Rating(String user, int rating) {}

    private final Broker broker = Broker.shared();
    private final Kafka kafka = broker.kafka();
    private final TestContext context = new TestContext();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void shouldWriteValueKeyHeadersAndTimestamp() throws Exception {
        String topic = broker.newTopic(1);
        KafkaSink<Rating> sink = kafka.sink(topic, JsonSerde.of(Rating.class))
                .keyedBy(Rating::user)
                .headers(record -> Headers.none().with("from", record.partition()));
        PipelineRecord<Rating> record =
                PipelineRecord.of(new Rating("Maria", 7), "0", 0).withTimestamp(1_000);

        assertThat(write(sink, record)).isEqualTo(WriteResult.written());

        ConsumerRecord<byte[], byte[]> read = broker.read(topic).get(0);
        assertThat(read.key()).asString(UTF_8).isEqualTo("Maria");
        assertThat(read.value()).asString(UTF_8).isEqualTo("{\"user\":\"Maria\",\"rating\":7}");
        assertThat(read.headers().lastHeader("from").value()).asString(UTF_8).isEqualTo("0");
        assertThat(read.timestamp()).isEqualTo(1_000);
    }

    @Test
    void shouldPassKeyAndHeadersOfTheRecordOnByDefault() throws Exception {
        String topic = broker.newTopic(1);
        KafkaSink<String> sink = kafka.sink(topic, Serdes.String());
        List<PipelineRecord<String>> records = List.of(
                PipelineRecord.of("bytes", "0", 0)
                        .withKey(new byte[] {1, 2})
                        .withHeaders(Headers.none().with("h", "1")),
                PipelineRecord.of("text", "0", 1).withKey("k"),
                PipelineRecord.of("none", "0", 2),
                PipelineRecord.of("other", "0", 3).withKey(42));

        WriteResult result = write(sink, records);

        assertThat(result.failures()).containsOnlyKeys(3);
        assertThat(result.failures().get(3))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("the key must be text or bytes, got a java.lang.Integer; a serializer can be given for it");
        List<ConsumerRecord<byte[], byte[]>> read = broker.read(topic);
        assertThat(read).extracting(each -> new String(each.value(), UTF_8)).containsExactly("bytes", "text", "none");
        assertThat(read.get(0).key()).containsExactly(1, 2);
        assertThat(read.get(0).headers().lastHeader("h").value())
                .asString(UTF_8)
                .isEqualTo("1");
        assertThat(read.get(1).key()).asString(UTF_8).isEqualTo("k");
        assertThat(read.get(2).key()).isNull();

        assertThat(write(
                                kafka.sink(topic, Serdes.String()).keyedBy(String::length, new IntegerSerializer()),
                                records.get(0))
                        .failures())
                .isEmpty();
        assertThat(broker.read(topic).get(3).key()).containsExactly(0, 0, 0, 5);
    }

    @Test
    void shouldWriteEachRecordToItsTopicAndRefuseOneWhoseTopicIsMissing() throws Exception {
        String own = broker.newTopic(1);
        String other = broker.newTopic(1);
        KafkaSink<String> sink = kafka.sink(own, Serdes.String())
                .topic(value ->
                        value.startsWith("other") ? other : value.startsWith("missing") ? "missing-topic" : null);

        WriteResult result = write(sink, strings("a", "other1", "missing", "missing/too", "other2", "b"));

        assertThat(result.failures()).containsOnlyKeys(2, 3);
        assertThat(result.failures().get(2))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("topic 'missing-topic' does not exist");
        assertThat(values(own)).containsExactly("a", "b");
        assertThat(values(other)).containsExactly("other1", "other2");
        assertThatThrownBy(() -> broker.end("missing-topic", 0))
                .as("nor is it created")
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldRefuseOnlyTheRecordThatIsTooLarge() throws Exception {
        String topic = broker.newTopic(1, Map.of("max.message.bytes", "100000"));
        WriteResult result = write(
                kafka.sink(topic, Serdes.String()),
                strings("before", "x".repeat(200_000), "between", "y".repeat(11 << 20), "after"));

        assertThat(result.failures()).containsOnlyKeys(1, 3);
        assertThat(result.failures().values())
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(RefusedRecordException.class)
                        .hasMessageStartingWith("the record is too large for topic '" + topic + "': "));
        assertThat(values(topic)).containsExactly("before", "between", "after");
    }

    @Test
    void shouldAgreeWithTheTopicOnWhatIsTooLarge() throws Exception {
        int limit = 100_000;
        String topic = broker.newTopic(1, Map.of("max.message.bytes", Integer.toString(limit)));
        List<Integer> written = new ArrayList<>();
        try (SinkWriter<String> writer = kafka.sink(topic, Serdes.String()).open(context)) {
            for (int size = limit - 100; size < limit; size += 3) {
                WriteResult result = writer.write(strings("x".repeat(size), "tiny"))
                        .toCompletableFuture()
                        .get(2, TimeUnit.MINUTES);
                assertThat(result.failures()).doesNotContainKey(1);
                if (result.failures().isEmpty()) {
                    written.add(size);
                }
            }
        }
        assertThat(written).contains(limit - 100).doesNotContain(limit - 1);
        assertThat(broker.read(topic)).hasSize(written.size() + 34);
    }

    @Test
    void shouldWriteFiveMegabytesWhereTheTopicTakesThem() throws Exception {
        String topic = broker.newTopic(1, Map.of("max.message.bytes", Integer.toString(6 << 20)));
        String large = "x".repeat(5 << 20);
        assertThat(write(kafka.sink(topic, Serdes.String()), strings(large)).failures())
                .isEmpty();
        assertThat(values(topic)).containsExactly(large);
    }

    @Test
    void shouldFailOnlyTheRecordOnWhichAFunctionThrows() throws Exception {
        String topic = broker.newTopic(1);
        Serializer<String> fragile = (name, value) -> switch (value) {
            case "exception" -> throw new IllegalStateException("of the serializer");
            case "error" -> throw new StackOverflowError();
            default -> value.getBytes(UTF_8);
        };
        WriteResult result = write(kafka.sink(topic, fragile), strings("a", "exception", "b", "error", "c"));

        assertThat(result.failures()).containsOnlyKeys(1, 3);
        assertThat(result.failures().get(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of the serializer");
        assertThat(result.failures().get(3)).isInstanceOf(StackOverflowError.class);
        assertThat(values(topic)).containsExactly("a", "b", "c");
    }

    @Test
    void shouldKeepTheOrderOfBatchesUnderWayTogether() throws Exception {
        String topic = broker.newTopic(1);
        List<CompletableFuture<WriteResult>> results = new ArrayList<>();
        try (SinkWriter<String> writer = kafka.sink(topic, Serdes.String()).open(context)) {
            for (int batch = 0; batch < 200; batch++) {
                String[] values = new String[50];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Integer.toString(batch * values.length + i);
                }
                results.add(writer.write(strings(values)).toCompletableFuture());
            }
            for (CompletableFuture<WriteResult> result : results) {
                assertThat(result.get(2, TimeUnit.MINUTES)).isEqualTo(WriteResult.written());
            }
        }
        assertThat(values(topic)).extracting(Integer::parseInt).hasSize(10_000).isSorted();
    }

    @Test
    void shouldSayThatTheTopicDoesNotExist() {
        assertThatThrownBy(() -> kafka.sink("no-such-topic", Serdes.String()).open(context))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("topic 'no-such-topic' does not exist on " + broker.servers());
    }

    @Test
    void shouldWaitForABrokerThatIsGoneAndLoseNothing() throws Exception {
        try (KafkaServer server = KafkaServer.start()) {
            Broker own = Broker.of(server);
            String topic = own.newTopic(1);
            Kafka impatient = own.kafka().with("max.block.ms", 500).with("metadata.max.age.ms", 500);
            try (SinkWriter<String> writer =
                    impatient.sink(topic, Serdes.String()).open(context)) {
                assertThat(writer.write(strings("a")).toCompletableFuture().get(2, TimeUnit.MINUTES))
                        .isEqualTo(WriteResult.written());
                server.kill();
                List<CompletableFuture<WriteResult>> results = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    results.add(writer.write(strings("b" + i, "c" + i)).toCompletableFuture());
                }
                assertThatThrownBy(() -> results.get(0).get(2, TimeUnit.SECONDS))
                        .isNotNull();
                server.restart();
                for (CompletableFuture<WriteResult> result : results) {
                    assertThat(result.get(2, TimeUnit.MINUTES)).isEqualTo(WriteResult.written());
                }
            }
            List<String> expected = new ArrayList<>(List.of("a"));
            for (int i = 0; i < 20; i++) {
                expected.addAll(List.of("b" + i, "c" + i));
            }
            assertThat(own.read(topic))
                    .extracting(each -> new String(each.value(), UTF_8))
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void shouldFailAsAWholeWhenItsOwnTopicIsDeletedWhileRecordsAreUnderWay() throws Exception {
        String own = broker.newTopic(1);
        Kafka lingering = lingering();
        try (SinkWriter<String> writer = lingering.sink(own, Serdes.String()).open(context)) {
            CompletableFuture<WriteResult> result =
                    writer.write(strings("a", "b")).toCompletableFuture();
            broker.delete(own);

            assertThatThrownBy(() -> result.get(2, TimeUnit.MINUTES))
                    .hasCauseInstanceOf(StageFailedException.class)
                    .hasMessageContaining("topic '" + own + "' does not exist");
        }
    }

    @Test
    void shouldRefuseWhatIsUnderWayToAChosenTopicThatIsDeletedAndWriteTheRest() throws Exception {
        String chosen = broker.newTopic(1);
        String other = broker.newTopic(1);
        Kafka lingering = lingering();
        KafkaSink<String> sink =
                lingering.sink(other, Serdes.String()).topic(value -> value.startsWith("other") ? null : chosen);
        try (SinkWriter<String> writer = sink.open(context)) {
            CompletableFuture<WriteResult> result =
                    writer.write(strings("a", "other1", "b", "other2")).toCompletableFuture();
            broker.delete(chosen);
            // What no longer fits a batch sends it on its way.
            CompletionStage<WriteResult> unused = writer.write(strings("other" + "x".repeat(100_000)));

            Map<Integer, Throwable> failures = result.get(2, TimeUnit.MINUTES).failures();
            assertThat(failures).containsOnlyKeys(0, 2);
            assertThat(failures.values())
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOf(RefusedRecordException.class)
                            .hasMessageContaining("topic '" + chosen + "' does not exist"));
            assertThat(values(other)).containsExactly("other1", "other2");

            assertThat(writer.write(strings("c"))
                            .toCompletableFuture()
                            .get(2, TimeUnit.MINUTES)
                            .failures()
                            .get(0))
                    .as("asked for anew, and not waited for")
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessage("topic '" + chosen + "' does not exist");
        }
    }

    @Test
    void shouldGiveUpWhatIsInFlightWhenItIsClosed() throws Exception {
        try (KafkaServer server = KafkaServer.start()) {
            Broker own = Broker.of(server);
            String topic = own.newTopic(1);
            SinkWriter<String> writer = own.kafka().sink(topic, Serdes.String()).open(context);
            server.kill();
            CompletableFuture<WriteResult> first = writer.write(strings("a")).toCompletableFuture();
            CompletableFuture<WriteResult> second = writer.write(strings("b")).toCompletableFuture();
            writer.close();

            for (CompletableFuture<WriteResult> result : List.of(first, second)) {
                Throwable failure = result.handle((written, thrown) ->
                                thrown == null ? written.failures().get(0) : thrown)
                        .get(2, TimeUnit.MINUTES);
                assertThat(failure).isInstanceOf(UnavailableException.class);
            }
        }
    }

    @Test
    void shouldKeepDeadLettersByteForByte() throws Exception {
        String topic = broker.newTopic(1);
        String letters = broker.newTopic(1);
        ProducerRecord<byte[], byte[]> bad = new ProducerRecord<>(
                topic, 0, 1_234L, new byte[] {0, (byte) 0x80}, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        bad.headers().add("trace", new byte[] {1}).add("trace", null);
        broker.send(bad);

        DeadLetter letter;
        try (Reading<ConsumerRecord<byte[], byte[]>> reading = Reading.of(
                kafka.source(topic, JsonSerde.of(Rating.class)).unwrapped().raw())) {
            letter = new DeadLetter(
                    reading.until(1).records.get(0),
                    "movie-ratings",
                    "decode",
                    new RefusedRecordException("not a JSON Rating"),
                    1,
                    Instant.EPOCH);
        }
        assertThat(write(kafka.deadLetters(letters), PipelineRecord.of(letter, "0", 0))
                        .failures())
                .isEmpty();

        ConsumerRecord<byte[], byte[]> kept = broker.read(letters).get(0);
        assertThat(kept.key()).isEqualTo(bad.key());
        assertThat(kept.value()).isEqualTo(bad.value());
        assertThat(Instant.ofEpochMilli(kept.timestamp()))
                .as("or it would be gone with the next look at the topic's retention")
                .isCloseTo(Instant.now(), within(1, ChronoUnit.HOURS));
        assertThat(kept.headers().toArray()).startsWith(bad.headers().toArray());
        assertThat(kept.headers().lastHeader("__connect.errors.topic").value())
                .asString(UTF_8)
                .isEqualTo(topic);
        assertThat(kept.headers().lastHeader("__connect.errors.offset").value())
                .asString(UTF_8)
                .isEqualTo("0");
        assertThat(new TopicPartition(topic, 0)).hasToString(letter.original().partition());
    }

    /** Its producer holds records for as long as a test may take, unless others follow that fill a batch. */
    private Kafka lingering() {
        return kafka.with("metadata.max.age.ms", 500).with("max.block.ms", 500).with("linger.ms", 600_000);
    }

    private <T> WriteResult write(Sink<T> sink, PipelineRecord<T> record) throws Exception {
        return write(sink, List.of(record));
    }

    private <T> WriteResult write(Sink<T> sink, List<PipelineRecord<T>> batch) throws Exception {
        try (SinkWriter<T> writer = sink.open(context)) {
            return writer.write(batch).toCompletableFuture().get(2, TimeUnit.MINUTES);
        }
    }

    private static List<PipelineRecord<String>> strings(String... values) {
        List<PipelineRecord<String>> batch = new ArrayList<>();
        Arrays.stream(values).forEach(value -> batch.add(PipelineRecord.of(value, "0", batch.size())));
        return batch;
    }

    private List<String> values(String topic) {
        return broker.read(topic).stream()
                .map(each -> new String(each.value(), UTF_8))
                .toList();
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
