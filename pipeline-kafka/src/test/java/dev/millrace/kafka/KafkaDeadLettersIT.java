package dev.millrace.kafka;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/** A dead-letter topic that cannot take what it should. */
class KafkaDeadLettersIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Broker broker = Broker.shared();
    private final Kafka kafka = broker.kafka().with("max.block.ms", 500).with("metadata.max.age.ms", 500);
    private final Collected collected = new Collected();
    private final String in = broker.newTopic(1);
    private final String name = "letters-" + in;

    @Test
    void shouldFailOnARecordTooLargeForTheDeadLetterTopicAndNeverPassIt() throws Exception {
        String letters = broker.newTopic(1, Map.of("max.message.bytes", "20000"));
        broker.send(in, 0, "a", "bad" + "x".repeat(30_000), "b");

        assertThatThrownBy(() -> run(kafka.deadLetters(letters)))
                .isInstanceOf(PipelineFailedException.class)
                .hasStackTraceContaining("the record is too large for topic '" + letters + "': it comes to 61")
                .hasStackTraceContaining("bytes, more than 20000");

        assertThat(broker.committed(name, in)).containsOnly(Map.entry(0, 1L));
        assertThat(broker.read(letters)).isEmpty();
    }

    @Test
    void shouldKeepTheHeadersOnlyOfARecordTooLargeWhenAskedTo() throws Exception {
        String letters = broker.newTopic(1, Map.of("max.message.bytes", "20000"));
        broker.send(in, 0, "a", "bad" + "x".repeat(30_000), "bad too", "b");
        ProducerRecord<byte[], byte[]> wide = new ProducerRecord<>(in, "k".getBytes(UTF_8), "bad".getBytes(UTF_8));
        wide.headers().add("large", new byte[40_000]);
        broker.send(wide);

        run(kafka.deadLetters(letters).headersOnlyWhereTooLarge());

        assertThat(collected.values()).containsExactly("a", "b");
        assertThat(broker.committed(name, in)).containsOnly(Map.entry(0, 5L));
        List<ConsumerRecord<byte[], byte[]>> kept = broker.read(letters);
        assertThat(kept).extracting(letter -> letter.value().length).containsExactly(0, 7, 0);
        assertThat(header(kept.get(0), "millrace.omitted")).endsWith(" bytes");
        assertThat(header(kept.get(0), "__connect.errors.offset")).isEqualTo("1");
        assertThat(header(kept.get(0), "__connect.errors.exception.class.name"))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(kept.get(1).headers().lastHeader("millrace.omitted")).isNull();
        assertThat(kept.get(2).key()).asString(UTF_8).isEqualTo("k");
        assertThat(kept.get(2).headers().lastHeader("large")).isNull();
    }

    @Test
    void shouldRetainTheLetterOfAnOldRecordAsLongAsThatOfANewOne() throws Exception {
        Map<String, String> anHour = Map.of("retention.ms", "3600000");
        String letters = broker.newTopic(1, anHour);
        String control = broker.newTopic(1, anHour);
        broker.send(new ProducerRecord<>(in, 0, 5L, "k".getBytes(UTF_8), "bad".getBytes(UTF_8)));

        run(kafka.deadLetters(letters));
        broker.send(new ProducerRecord<>(control, 0, 5L, "k".getBytes(UTF_8), "old".getBytes(UTF_8)));

        Collected.await("the broker has looked", () -> broker.read(control).isEmpty(), () -> control);
        assertThat(broker.read(letters)).hasSize(1);
        assertThat(header(broker.read(letters).get(0), "millrace.timestamp")).isEqualTo("1970-01-01T00:00:00.005Z");
    }

    @Test
    void shouldFailWhenTheDeadLetterTopicIsDeletedWhileALetterIsUnderWay() throws Exception {
        String letters = broker.newTopic(1);
        try (RunningPipeline running = start(holding().deadLetters(letters))) {
            broker.send(in, 0, "a", "bad", "b");
            awaitOnTheWay(running, 1);
            broker.delete(letters);

            assertThatThrownBy(() -> running.awaitTermination(LIMIT))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasStackTraceContaining("topic '" + letters + "' does not exist any more");
        }
        assertThat(broker.committed(name, in)).containsOnly(Map.entry(0, 1L));
    }

    @Test
    void shouldFailWhenTheDeadLetterTopicWasDeletedBeforeTheNextLetter() throws Exception {
        String letters = broker.newTopic(1);
        try (RunningPipeline running = start(kafka.deadLetters(letters))) {
            broker.send(in, 0, "a", "bad");
            Collected.await("a letter is stored", () -> running.stats().deadLetters() == 1, running::explain);
            broker.delete(letters);
            broker.send(in, 0, "bad", "b");

            assertThatThrownBy(() -> running.awaitTermination(LIMIT))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasStackTraceContaining("topic '" + letters + "' does not exist");
        }
        assertThat(broker.committed(name, in)).containsOnly(Map.entry(0, 2L));
    }

    /** What the former topic held is gone with it; what is under way goes to the new one. */
    @Test
    void shouldStoreALetterUnderWayInTheTopicThatIsMadeAgainUnderTheName() throws Exception {
        String letters = broker.newTopic(1);
        try (RunningPipeline running = start(kafka.with("linger.ms", 15_000).deadLetters(letters))) {
            broker.send(in, 0, "bad 0");
            Collected.await("a letter is stored", () -> running.stats().deadLetters() == 1, running::explain);
            broker.send(in, 0, "a", "bad", "b");
            awaitOnTheWay(running, 2);
            broker.recreate(letters);
            Collected.await(
                    "all is committed", () -> broker.committed(name, in).equals(Map.of(0, 4L)), running::explain);
        }
        assertThat(broker.read(letters))
                .extracting(letter -> new String(letter.value(), UTF_8))
                .containsExactly("bad");
    }

    @Test
    void shouldFailWhenTheDeadLetterTopicMayNotBeWritten() throws Exception {
        String letters = broker.newTopic(1);
        // Once there is any rule for topics, the others need one that allows them.
        AclBinding allowed = rule("*", AclOperation.ALL, AclPermissionType.ALLOW);
        AclBinding denied = rule(letters, AclOperation.WRITE, AclPermissionType.DENY);
        broker.admin(admin -> admin.createAcls(List.of(allowed)).all().get());
        broker.admin(admin -> admin.createAcls(List.of(denied)).all().get());
        Collected.await("the broker knows the rules", () -> rules().containsAll(List.of(allowed, denied)), this::rules);
        broker.send(in, 0, "a", "bad", "b");

        assertThatThrownBy(() -> run(kafka.deadLetters(letters)))
                .isInstanceOf(PipelineFailedException.class)
                .hasStackTraceContaining("Not authorized to access topics: [" + letters + "]");

        assertThat(broker.committed(name, in)).containsOnly(Map.entry(0, 1L));
    }

    private void run(KafkaDeadLetters letters) throws InterruptedException {
        Pipeline pipeline =
                pipeline(kafka.source(in, Serdes.String()).group(name).untilEnd(), letters);
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            assertThat(running.awaitTermination(LIMIT)).as(running::explain).isTrue();
        }
    }

    private RunningPipeline start(KafkaDeadLetters letters) {
        return PipelineRunner.create()
                .commitInterval(Duration.ofMillis(100))
                .start(pipeline(kafka.source(in, Serdes.String()), letters));
    }

    private static void awaitOnTheWay(RunningPipeline running, long offset) {
        Collected.await(
                "the letter is on its way",
                () -> running.explain().contains("held back by offset " + offset + " in stage 'dead-letters'"),
                running::explain);
    }

    /** Its producer holds letters for longer than a test takes, so that the topic may go meanwhile. */
    private Kafka holding() {
        return kafka.with("linger.ms", 600_000);
    }

    private Collection<AclBinding> rules() {
        return broker.admin(
                admin -> admin.describeAcls(AclBindingFilter.ANY).values().get());
    }

    private Pipeline pipeline(KafkaSource<String> source, KafkaDeadLetters letters) {
        return Pipeline.named(name)
                .from(source)
                .map(value -> {
                    if (value.startsWith("bad")) {
                        throw new IllegalStateException("a bad one");
                    }
                    return value;
                })
                .to(collected.sink(), with().onFailure(deadLetter(letters)));
    }

    private static AclBinding rule(String topic, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", operation, permission));
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
