package dev.millrace.kafka;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

class KafkaRedriveIT {

    private static final String ISE = "java.lang.IllegalStateException";

    private final Broker broker = Broker.shared();
    private final Kafka kafka = broker.kafka();
    private final String origin = broker.newTopic(2);
    private final String letters = broker.newTopic(1);
    private final Redrive redrive = kafka.redrive(letters).into(origin);

    @Test
    void shouldPutRecordsBackAsTheyWereAndEachLetterOnce() throws Exception {
        ProducerRecord<byte[], byte[]> bad =
                new ProducerRecord<>(origin, null, 1_234L, new byte[] {0, (byte) 0x80}, new byte[] {(byte) 0xff, 0});
        bad.headers().add("trace", new byte[] {1}).add("trace", null);
        broker.send(bad);
        broker.send(new ProducerRecord<>(origin, 0, 5L, "k".getBytes(UTF_8), (byte[]) null));
        failAll();

        RedriveSummary summary = redrive.run();

        assertThat(summary)
                .isEqualTo(new RedriveSummary(
                        false,
                        2,
                        2,
                        0,
                        0,
                        Map.of(),
                        Map.of(origin, 2L),
                        Map.of(ISE, 1L, "dev.millrace.pipeline.spi.RefusedRecordException", 1L),
                        List.of()));
        List<ConsumerRecord<byte[], byte[]>> all = broker.read(origin);
        assertThat(all).hasSize(4);
        List<ConsumerRecord<byte[], byte[]>> back =
                all.stream().filter(KafkaRedriveIT::isReplayed).toList();
        assertThat(back).hasSize(2);
        for (ConsumerRecord<byte[], byte[]> record : back) {
            if (record.value() == null) {
                assertThat(record.key()).asString(UTF_8).isEqualTo("k");
                assertThat(record.timestamp()).isEqualTo(5);
                continue;
            }
            assertThat(record.key()).isEqualTo(bad.key());
            assertThat(record.value()).isEqualTo(bad.value());
            assertThat(record.timestamp()).isEqualTo(1_234);
            assertThat(record.headers().toArray()).startsWith(bad.headers().toArray());
            assertThat(record.headers()).extracting(Header::key).containsExactly("trace", "trace", "millrace.replays");
            assertThat(record.headers().lastHeader("millrace.replays").value())
                    .asString(UTF_8)
                    .isEqualTo("1");
        }
        assertThat(redrive.run().read()).as("a second run finds nothing new").isZero();
        assertThat(broker.read(origin)).hasSize(4);
    }

    @Test
    void shouldOnlyCountInADryRun() throws Exception {
        broker.send(origin, 0, "a", "b", "c");
        failAll();

        for (int i = 0; i < 2; i++) {
            RedriveSummary summary = redrive.perSecond(0.01).dryRun();
            assertThat(summary.isDryRun()).isTrue();
            assertThat(summary.read()).isEqualTo(3);
            assertThat(summary.replayedByTopic()).containsOnly(Map.entry(origin, 3L));
            assertThat(summary.replayedByException()).containsOnly(Map.entry(ISE, 3L));
        }
        assertThat(broker.read(origin)).hasSize(3);
        assertThat(broker.commits("redrive-" + letters)).isEmpty();
        assertThat(redrive.run().replayed()).isEqualTo(3);
        assertThat(redrive.dryRun().read()).as("it begins where a run would").isZero();
    }

    @Test
    void shouldPutBackOnlyWhatTheFilterLetsThroughAndNeedAGroupForThat() throws Exception {
        broker.send(origin, 0, "a", "b", "c", "d");
        failAll();
        Redrive some = redrive.filter(
                        letter -> letter.stage().equals("map") && letter.topic().equals(origin))
                .filter(letter ->
                        letter.exception().equals(ISE) && letter.failedAt().isPresent())
                .filter(letter -> new String(letter.value(), UTF_8).compareTo("b") > 0);

        assertThatThrownBy(some::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has a filter, so it needs a group of its own");
        RedriveSummary summary = some.group("some-" + letters).run();

        assertThat(summary.replayed()).isEqualTo(2);
        assertThat(summary.filteredOut()).isEqualTo(2);
        assertThat(replayed()).containsExactlyInAnyOrder("c", "d");
        assertThat(redrive.dryRun().read()).as("another group sees all").isEqualTo(4);
        assertThatThrownBy(() -> redrive.group("x-" + letters)
                        .filter(letter -> {
                            throw new IllegalStateException("of the filter");
                        })
                        .run())
                .isInstanceOf(PipelineFailedException.class)
                .hasStackTraceContaining("of the filter");
    }

    @Test
    void shouldPutARecordBackAsOftenAsAllowedAndThenLeaveAndReportIt() throws Exception {
        broker.send(origin, 0, "hopeless");
        failAll();
        Redrive twice = redrive.maxReplays(2);
        for (int replay = 1; replay <= 2; replay++) {
            assertThat(twice.run().replayed()).isEqualTo(1);
            failAll();
        }

        RedriveSummary summary = twice.run();

        assertThat(summary.replayed()).isZero();
        assertThat(summary.exhausted()).isEqualTo(1);
        assertThat(summary.left()).containsExactly(SourcePosition.of(letters + "-0", 2));
        assertThat(broker.read(origin)).hasSize(3);
        assertThat(broker.read(letters))
                .as("one header of a name, however often it failed")
                .allSatisfy(letter -> {
                    Set<String> names = new HashSet<>();
                    letter.headers()
                            .forEach(header -> assertThat(names.add(header.key()))
                                    .as(header.key())
                                    .isTrue());
                });
    }

    @Test
    void shouldNotBelieveForgedHeaders() throws Exception {
        String secret = broker.newTopic(1);
        forge("__connect.errors.topic", secret.getBytes(UTF_8));
        forge("__connect.errors.topic", "__consumer_offsets".getBytes(UTF_8));
        forge("__connect.errors.topic", letters.getBytes(UTF_8));
        forge("__connect.errors.topic", "../etc/passwd".getBytes(UTF_8));
        forge("__connect.errors.topic", new byte[] {(byte) 0xff, (byte) 0xfe});
        forge("__connect.errors.topic", new byte[100_000]);
        forge("__connect.errors.topic", new byte[0]);
        forge("other", new byte[0]);
        int ofTopic = 8;
        for (String replays : List.of("-1", "1e3", "99999999999999999999", " 1", "0x1")) {
            forgeFor(origin, "millrace.replays", replays.getBytes(UTF_8));
        }
        forgeFor(origin, "millrace.failed-at", "yesterday".getBytes(UTF_8));
        for (String timestamp : List.of("1234", "1969-12-31T23:59:59Z", "+999999999-01-01T00:00:00Z")) {
            forgeFor(origin, "millrace.timestamp", timestamp.getBytes(UTF_8));
        }
        forgeFor(origin, "__connect.errors.stage", new byte[5_000]);
        forgeFor(origin, "millrace.omitted", "1 bytes".getBytes(UTF_8));
        forgeFor(origin, "millrace.replays", "999999999999999999".getBytes(UTF_8));
        forgeFor(origin, "__connect.errors.exception.class.name", "of.somebody.Else".getBytes(UTF_8));

        RedriveSummary summary = redrive.run();

        assertThat(summary.read()).isEqualTo(ofTopic + 13);
        assertThat(summary.refused())
                .containsOnly(
                        Map.entry("its topic is not one of those allowed", 3L),
                        Map.entry("its header __connect.errors.topic is malformed", 3L),
                        Map.entry("it does not say which topic it comes from", 2L),
                        Map.entry("its header millrace.replays is malformed", 5L),
                        Map.entry("its header millrace.failed-at is malformed", 1L),
                        Map.entry("its header millrace.timestamp is malformed", 3L),
                        Map.entry("its header __connect.errors.stage is malformed", 1L),
                        Map.entry("its value was left out, as it was too large", 1L));
        assertThat(summary.exhausted()).isEqualTo(1);
        assertThat(summary.replayedByException()).containsOnly(Map.entry("of.somebody.Else", 1L));
        assertThat(broker.read(secret)).isEmpty();
        assertThat(broker.read(origin)).hasSize(1);
        assertThat(broker.read(letters)).hasSize(ofTopic + 13);

        RedriveSummary any = kafka.redrive(letters).intoAnyTopic().dryRun();
        assertThat(any.read()).as("another start of the same group").isZero();
        any = kafka.redrive(letters).group("any-" + letters).intoAnyTopic().dryRun();
        assertThat(any.refused())
                .containsEntry("its topic is the dead-letter topic itself, or one of Kafka's own", 2L)
                .doesNotContainKey("its topic is not one of those allowed");
        assertThat(any.replayedByTopic()).containsEntry(secret, 1L);
    }

    @Test
    void shouldGoOnAfterARunThatBrokeOff() throws Exception {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            values.add("v" + i);
        }
        broker.spread(origin, values);
        failAll();
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread first = new Thread(() -> {
            try {
                outcome.set(redrive.perSecond(20).run());
            } catch (Throwable e) {
                outcome.set(e);
            }
        });
        first.start();
        Collected.await("some are committed", () -> committed() >= 50, this::committed);
        first.interrupt();
        first.join();
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        int before = replayed().size();
        assertThat(before).isBetween(50, 1_400);
        long done = committed();
        assertThat(done).isBetween(50L, (long) before);

        RedriveSummary second = redrive.run();

        assertThat(new HashSet<>(replayed())).as("none is missing").isEqualTo(new HashSet<>(values));
        assertThat(second.read()).as("what was done is not done again").isEqualTo(1_500 - done);
        assertThat(replayed().size() - values.size()).as("twice").isEqualTo(before - (int) done);
        assertThat(redrive.run().read()).isZero();
    }

    @Test
    void shouldLeaveWhatItsTopicCannotTake() throws Exception {
        String small = broker.newTopic(1, Map.of("max.message.bytes", "1000"));
        forgeFor(small, "large", new byte[2_000]);
        forgeFor("no-such-topic", "h", new byte[1]);
        forgeFor(small, "h", new byte[1]);

        RedriveSummary summary =
                kafka.redrive(letters).into(small, "no-such-topic").run();

        assertThat(summary.refused()).containsOnly(Map.entry("its topic does not take it", 2L));
        assertThat(summary.replayedByTopic()).containsOnly(Map.entry(small, 1L));
        assertThat(summary.left())
                .containsExactlyInAnyOrder(SourcePosition.of(letters + "-0", 0), SourcePosition.of(letters + "-0", 1));
    }

    @Test
    void shouldKeepThePace() throws Exception {
        for (int i = 0; i < 21; i++) {
            forgeFor(origin, "h", new byte[1]);
        }
        long start = System.nanoTime();
        assertThat(redrive.perSecond(20).run().replayed()).isEqualTo(21);
        assertThat(System.nanoTime() - start).isGreaterThan(900_000_000L);
    }

    @Test
    void shouldSayWhatItNeeds() {
        assertThatThrownBy(() -> kafka.redrive(letters).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the re-drive of '" + letters
                        + "' must be told into which topics records may go: into(..), or intoAnyTopic()");
        assertThatThrownBy(() -> redrive.maxReplays(0)).hasMessage("times must be positive, got 0");
        assertThatThrownBy(() -> redrive.into()).hasMessage("topics must not be empty");
        assertThatThrownBy(() -> redrive.perSecond(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kafka.redrive("no-such-topic").intoAnyTopic().run())
                .isInstanceOf(PipelineFailedException.class)
                .hasMessageContaining("topic 'no-such-topic' does not exist");
    }

    /** Reads what the origin holds and has not been read before, and makes a dead letter of each. */
    private void failAll() throws InterruptedException {
        Pipeline pipeline = Pipeline.named("failing-" + origin)
                .from(kafka.source(origin, Serdes.String())
                        .group("failing-" + origin)
                        .untilEnd())
                .map(KafkaRedriveIT::fail)
                .to(context -> batch -> null, with().onFailure(deadLetter(kafka.deadLetters(letters))));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
    }

    private static String fail(String value) {
        throw new IllegalStateException("always");
    }

    private void forge(String header, byte[] value) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(letters, null, "forged".getBytes(UTF_8));
        letter.headers().add(header, value);
        broker.send(letter);
    }

    private void forgeFor(String topic, String header, byte[] value) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(letters, null, "forged".getBytes(UTF_8));
        letter.headers().add("__connect.errors.topic", topic.getBytes(UTF_8)).add(header, value);
        broker.send(letter);
    }

    private long committed() {
        return broker.committed("redrive-" + letters, letters).getOrDefault(0, 0L);
    }

    private static boolean isReplayed(ConsumerRecord<?, ?> record) {
        return record.headers().lastHeader("millrace.replays") != null;
    }

    private List<String> replayed() {
        return broker.read(origin).stream()
                .filter(KafkaRedriveIT::isReplayed)
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
