package dev.millrace.kafka;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Preview;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PartitionStats;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The module under the real engine. */
class KafkaPipelineIT {

    record Rating(String user, int rating) {}

    private final Broker broker = Broker.shared();

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldBringEachRecordToTheSinkOrToDeadLettersAndCommitItsEnd(String protocol) throws Exception {
        Kafka kafka = broker.kafka().with("group.protocol", protocol);
        String in = broker.newTopic(3);
        String out = broker.newTopic(2);
        String letters = broker.newTopic(1);
        Map<String, byte[]> bad = fill(in, 6_000);
        String name = "p-" + in;
        Pipeline pipeline = Pipeline.named(name)
                .from(kafka.source(in, JsonSerde.of(Rating.class)).skipTombstones())
                .filter(rating -> rating.user() != null)
                .map(rating -> new Rating(rating.user(), rating.rating() * 10))
                .to(
                        kafka.sink(out, JsonSerde.of(Rating.class)).keyedBy(Rating::user),
                        with().onFailure(deadLetter(kafka.deadLetters(letters))));

        long end = broker.end(in, 0) + broker.end(in, 1) + broker.end(in, 2);
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            await(
                    () -> broker.committed(name, in).values().stream()
                                    .mapToLong(offset -> offset)
                                    .sum()
                            == end,
                    running);
        }

        TreeSet<String> users = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.read(out)) {
            assertThat(record.value()).asString(UTF_8).startsWith("{\"user\":\"" + new String(record.key(), UTF_8));
            users.add(new String(record.key(), UTF_8));
        }
        assertThat(users).hasSize(6_000);
        Map<String, byte[]> kept = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : broker.read(letters)) {
            kept.put(new String(letter.headers().lastHeader("millrace.position").value(), UTF_8), letter.value());
            assertThat(letter.headers()
                            .lastHeader("__connect.errors.exception.message")
                            .value())
                    .asString(UTF_8)
                    .startsWith("not a JSON Rating: ");
        }
        assertThat(kept).hasSameSizeAs(bad);
        bad.forEach(
                (position, bytes) -> assertThat(kept.get(position)).as(position).isEqualTo(bytes));
    }

    @Test
    void shouldKeepRecordsWithoutKeyInOrderAndWriteAndStoreAbsentValuesAsSuch() throws Exception {
        Kafka kafka = broker.kafka();
        String in = broker.newTopic(1);
        String out = broker.newTopic(1);
        String letters = broker.newTopic(1);
        byte[] key = {7};
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            byte[] value = i % 4 == 1 ? null : ("v" + i).getBytes(UTF_8);
            records.add(new ProducerRecord<>(in, 0, i % 3 == 2 ? key : null, value));
        }
        List<Long> unused = broker.send(records);
        Serializer<String> deleting = (topic, value) -> value.equals("v6") ? null : value.getBytes(UTF_8);
        Pipeline pipeline = Pipeline.named("nulls-" + in)
                .from(kafka.source(in, Serdes.String()).untilEnd())
                .to(
                        kafka.sink(out, deleting),
                        with().ordering(Ordering.PER_KEY).onFailure(deadLetter(kafka.deadLetters(letters))));

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }

        List<String> withoutKey = new ArrayList<>();
        List<String> withKey = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : broker.read(out)) {
            (record.key() == null ? withoutKey : withKey)
                    .add(record.value() == null ? "nothing" : new String(record.value(), UTF_8));
        }
        assertThat(withoutKey).containsExactly("v0", "v3", "v4", "nothing", "v7", "v10");
        assertThat(withKey).containsExactly("v2", "v8", "v11");
        List<ConsumerRecord<byte[], byte[]>> stored = broker.read(letters);
        assertThat(stored)
                .extracting(letter -> new String(
                        letter.headers().lastHeader("millrace.position").value(), UTF_8))
                .containsExactly(in + "-0@1", in + "-0@5", in + "-0@9");
        assertThat(stored).extracting(ConsumerRecord::key).containsExactly(null, key, null);
        assertThat(stored).extracting(ConsumerRecord::value).containsOnlyNulls();
    }

    @Test
    void shouldEndByItselfAtTheEndOfABoundedRead() throws Exception {
        String in = broker.newTopic(2);
        broker.send(in, 0, "a", "b");
        broker.send(in, 1, "c");
        String out = broker.newTopic(1);
        Pipeline pipeline = Pipeline.named("bounded-" + in)
                .from(broker.kafka().source(in, Serdes.String()).untilEnd())
                .to(broker.kafka().sink(out, Serdes.String()));

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
        assertThat(broker.read(out))
                .extracting(record -> new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldPreviewRecordsThoughItsGroupRunsAndLeaveNoTrace(String protocol) throws Exception {
        Kafka kafka = broker.kafka().with("group.protocol", protocol);
        String in = broker.newTopic(2);
        String out = broker.newTopic(1);
        broker.send(in, 0, "{\"user\":\"a\",\"rating\":1}", "{\"user\":\"b\",\"rating\":\"ten\"}");
        Pipeline pipeline = Pipeline.named("previewed-" + in)
                .from(kafka.source(in, JsonSerde.of(Rating.class)))
                .map(Rating::rating)
                .to(kafka.sink(out, Serdes.Integer()), with().onFailure(skip()));

        assertSeen(pipeline.preview(10, Duration.ofMinutes(1)), in);
        assertThat(broker.commits(pipeline.name())).isEmpty();
        assertThat(broker.read(out)).isEmpty();

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            await(() -> running.stats().recordsDone() == 2, running);
            assertSeen(pipeline.preview(10, Duration.ofMinutes(1)), in);
            broker.send(in, 0, "{\"user\":\"c\",\"rating\":3}");
            await(() -> running.stats().recordsDone() == 3, running);
        }
        assertThat(broker.committed(pipeline.name(), in)).containsEntry(0, 3L);
    }

    private static void assertSeen(Preview preview, String topic) {
        assertThat(preview.end()).isEqualTo(Preview.End.END_OF_SOURCE);
        assertThat(preview.records()).hasSize(2);
        assertThat(preview.record(new SourcePosition(topic + "-0", 0)).at("map"))
                .containsExactly(new Preview.Made(1));
        assertThat(preview.record(new SourcePosition(topic + "-0", 1)).at("from"))
                .singleElement()
                .isInstanceOf(Preview.Failed.class);
    }

    @Test
    void shouldTellHowFarItIsBehindInRecordsAndInTime() throws Exception {
        String in = broker.newTopic(1);
        Instant anHourAgo = Instant.now().minus(Duration.ofHours(1));
        List<Long> unused = broker.send(
                Collections.nCopies(50, new ProducerRecord<>(in, 0, anHourAgo.toEpochMilli(), null, new byte[] {1})));
        CompletableFuture<WriteResult> answer = new CompletableFuture<>();
        Sink<byte[]> late = context -> batch -> answer.copy();
        Pipeline pipeline = Pipeline.named("behind-" + in)
                .from(broker.kafka().source(in, Serdes.ByteArray()))
                .to(late);
        PipelineRunner runner =
                PipelineRunner.create().maxInFlight(10).workers(1).commitInterval(Duration.ofMillis(100));

        try (RunningPipeline running = runner.start(pipeline)) {
            await(
                    () -> lag(running).equals(OptionalLong.of(50))
                            && running.stats().recordsInFlight() > 0,
                    running);
            assertThat(running.stats().recordsInFlight())
                    .as("the others wait at the broker")
                    .isLessThan(50);
            assertThat(behind(running)).isBetween(Duration.ofHours(1), Duration.ofMinutes(70));

            answer.complete(WriteResult.written());

            await(
                    () -> lag(running).equals(OptionalLong.of(0))
                            && behind(running).isZero(),
                    running);
            assertThat(running.stats().recordsDone()).isEqualTo(50);
        }
    }

    private static OptionalLong lag(RunningPipeline running) {
        return running.stats().partitions().stream()
                .map(PartitionStats::lag)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static Duration behind(RunningPipeline running) {
        return running.stats().partitions().get(0).lagTime().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"classic, false", "consumer, false", "consumer, true"})
    void shouldTellTheExactRangeOfRecordsDeletedBeforeTheyWereReadAndStopOrGoOn(String protocol, boolean byRetention)
            throws Exception {
        String in = broker.newTopic(2, byRetention ? Map.of("retention.ms", "3600000") : Map.of());
        String name = "lossy-" + in;
        long timestamp = Instant.now().minus(Duration.ofHours(2)).toEpochMilli();
        for (String old : List.of("a", "b", "c", "d")) {
            broker.send(new ProducerRecord<>(in, 0, timestamp, null, old.getBytes(UTF_8)));
        }
        broker.commit(name, in, Map.of(0, 1L, 1, 0L));
        if (!byRetention) {
            broker.deleteBefore(in, 0, 4);
        }
        Collected.await("the old are gone", () -> broker.begin(in, 0) == 4, () -> broker.begin(in, 0));
        broker.send(in, 0, "e");
        broker.send(in, 1, "f");
        String out = broker.newTopic(1);
        KafkaSource<String> source =
                broker.kafka().with("group.protocol", protocol).source(in, Serdes.String());
        Queue<DataLoss> losses = new ConcurrentLinkedQueue<>();
        PipelineRunner runner = PipelineRunner.create().listener(new PipelineListener() {
            @Override
            public void onDataLoss(String pipeline, String stage, DataLoss loss) {
                assertThat(pipeline + "|" + stage).isEqualTo(name + "|from");
                losses.add(loss);
            }
        });
        DataLoss gap = DataLoss.between(in + "-0", 1, 3, "its log begins at 4");

        try (RunningPipeline running = runner.restart(RetryPolicy.fixed(Duration.ZERO))
                .start(Pipeline.named(name).from(source).to(broker.kafka().sink(out, Serdes.String())))) {
            assertThatThrownBy(running::awaitTermination)
                    .isInstanceOf(PipelineFailedException.class)
                    .hasMessageEndingWith(in + "-0 has lost the offsets 1 to 3, 3 in all: its log begins at 4")
                    .hasCauseInstanceOf(DataLossException.class);
        }
        assertThat(losses).containsExactly(gap);
        assertThat(broker.committed(name, in)).as("what is lost is not done").containsEntry(0, 1L);

        try (RunningPipeline running = runner.start(Pipeline.named(name)
                .from(source.continueOnDataLoss())
                .to(broker.kafka().sink(out, Serdes.String())))) {
            await(() -> broker.committed(name, in).equals(Map.of(0, 5L, 1, 1L)), running);
            assertThat(running.stats().dataLosses()).isEqualTo(1);
        }
        assertThat(losses).as("once by each start").containsExactly(gap, gap);
        assertThat(broker.read(out))
                .extracting(record -> new String(record.value(), UTF_8))
                .contains("e", "f")
                .isSubsetOf("e", "f");
    }

    /** Good ratings, and among them what cannot be read, by position. */
    private Map<String, byte[]> fill(String topic, int good) throws Exception {
        Map<String, byte[]> bad = new HashMap<>();
        List<byte[]> wrong = List.of(
                new byte[] {(byte) 0xff, 0},
                "{\"user\":\"x\",\"rating\":\"ten\"}".getBytes(UTF_8),
                "{\"user\":\"x\"".getBytes(UTF_8),
                new byte[0]);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.servers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> answers = new ArrayList<>();
            for (int i = 0; i < good; i++) {
                String json = "{\"user\":\"u" + i + "\",\"rating\":" + i % 10 + "}";
                answers.add(producer.send(new ProducerRecord<>(topic, i % 3, null, json.getBytes(UTF_8))));
                if (i % 50 == 0) {
                    byte[] bytes = wrong.get(i / 50 % wrong.size());
                    long offset = producer.send(new ProducerRecord<>(topic, i % 3, null, bytes))
                            .get()
                            .offset();
                    bad.put(topic + "-" + i % 3 + "@" + offset, bytes);
                    answers.add(producer.send(new ProducerRecord<>(topic, i % 3, new byte[] {1}, null)));
                    answers.add(
                            producer.send(new ProducerRecord<>(topic, i % 3, null, "{\"rating\":1}".getBytes(UTF_8))));
                }
            }
            for (Future<?> answer : answers) {
                answer.get();
            }
        }
        return bad;
    }

    private static void await(BooleanSupplier condition, RunningPipeline running) {
        Collected.await("what is waited for", condition, running::stats);
    }
}
