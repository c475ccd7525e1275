package dev.millrace.examples.security;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millrace.examples.guide.Patiently;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.Redrive;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Preview;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rights that the page on security lists are enough, and none of them is more than that: without any of them
 * nothing is read, written or committed, the failure says which it is, and all goes through once it is given.
 */
@Timeout(900)
class KafkaRightsIT {

    private static final String ADMINISTRATORS_PASSWORD = "of the administrator";
    private static final String PASSWORD = "of a user";
    private static final List<String> VALUES =
            IntStream.range(0, 20).mapToObj(Integer::toString).toList();

    private static SecuredKafka server;

    private final String id = UUID.randomUUID().toString();
    private final String user = "user-" + id;
    private final String topic = "orders-" + id;
    private final String letters = "letters-" + id;
    private final String group = "billing-" + id;

    interface Run {

        /** Returns what has come through, in its order. */
        List<String> of(KafkaRightsIT test) throws Exception;
    }

    record Use(String name, Function<KafkaRightsIT, List<AclBinding>> rights, Run run, Class<?> refusal) {

        Use(String name, Function<KafkaRightsIT, List<AclBinding>> rights, Run run) {
            this(name, rights, run, PipelineFailedException.class);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Use> uses() {
        return Stream.of(
                new Use("a source", test -> KafkaRights.source(test.user, test.topic, test.group), KafkaRightsIT::read),
                new Use(
                        "a source without a group",
                        test -> KafkaRights.sourceWithoutGroup(test.user, test.topic),
                        KafkaRightsIT::readToTheEnd),
                new Use(
                        "a preview",
                        test -> KafkaRights.sourceWithoutGroup(test.user, test.topic),
                        KafkaRightsIT::preview,
                        IllegalStateException.class),
                new Use("a sink", test -> KafkaRights.sink(test.user, test.topic), KafkaRightsIT::write),
                new Use("dead letters", test -> KafkaRights.sink(test.user, test.letters), KafkaRightsIT::giveUp),
                new Use(
                        "a re-drive",
                        test -> KafkaRights.redrive(test.user, test.letters, test.topic),
                        KafkaRightsIT::redrive),
                new Use("a dry run", test -> KafkaRights.dryRun(test.user, test.letters), KafkaRightsIT::dryRun));
    }

    @BeforeAll
    static void start() {
        server = SecuredKafka.start(ADMINISTRATORS_PASSWORD);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("uses")
    void shouldNeedTheRightsThatAreListedAllOfThemAndNoOthers(Use use) throws Exception {
        server.createTopics(new NewTopic(topic, 1, (short) 1), new NewTopic(letters, 1, (short) 1));
        Kafka administrator = server.asAdministrator();
        send(administrator);
        giveUp(administrator, administrator.source(topic, Serdes.String()).untilEnd());
        server.user(user, PASSWORD);
        List<AclBinding> rights = use.rights.apply(this);
        server.grant(rights);
        for (AclBinding missing : rights) {
            server.revoke(missing);
            assertThat(catchThrowable(() -> use.run.of(this)))
                    .isInstanceOf(use.refusal)
                    .hasStackTraceContaining("no right to " + named(missing));
            assertThat(stored(topic)).isEqualTo(VALUES);
            assertThat(stored(letters)).isEqualTo(VALUES);
            assertThat(server.committed(group, topic)).isZero();
            assertThat(server.committed("redrive-" + letters, letters)).isZero();
            server.grant(List.of(missing));
        }

        assertThat(use.run.of(this)).isEqualTo(VALUES);
    }

    @Test
    void shouldWriteRecordsAsLargeAsTheTopicTakesOnlyWithTheRightToKnowIt() throws Exception {
        server.createTopics(new NewTopic(topic, 1, (short) 1)
                .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(4 << 20))));
        server.user(user, PASSWORD);
        String large = "x".repeat(2 << 20);
        List<AclBinding> rights = KafkaRights.sinkOfLargeRecords(user, topic);

        server.grant(rights.subList(0, 1));
        assertThat(catchThrowable(() -> write(large)))
                .isInstanceOf(PipelineFailedException.class)
                .hasStackTraceContaining("the record is too large for topic '" + topic + "'");
        assertThat(stored(topic)).isEmpty();

        server.grant(rights.subList(1, 2));
        write(large);
        assertThat(stored(topic)).containsExactly(large);
    }

    private void write(String value) throws Exception {
        Patiently.run(Pipeline.named(group).from(Sources.of(value)).to(client().sink(topic, Serdes.String())));
    }

    /** As messages have it: without the right to describe a group one has none to read it either. */
    private static String named(AclBinding right) {
        AclOperation operation = right.entry().operation() == AclOperation.DESCRIBE
                ? AclOperation.READ
                : right.entry().operation();
        return operation + " " + right.pattern().resourceType().name().toLowerCase(Locale.ROOT) + " '"
                + right.pattern().name() + "'";
    }

    private Kafka client() {
        return server.as(user, PASSWORD);
    }

    private List<String> read() throws Exception {
        List<String> read = new ArrayList<>();
        Patiently.finish(Pipeline.named(group)
                .from(client().source(topic, Serdes.String()))
                .to(Sinks.into(read)));
        assertThat(server.committed(group, topic)).isEqualTo(VALUES.size());
        return read;
    }

    private List<String> readToTheEnd() throws Exception {
        List<String> read = new ArrayList<>();
        Patiently.run(Pipeline.named(group)
                .from(client().source(topic, Serdes.String()).untilEnd())
                .to(Sinks.into(read)));
        return read;
    }

    private List<String> preview() throws Exception {
        Preview preview = Patiently.call(() -> Pipeline.named(group)
                .from(client().source(topic, Serdes.String()))
                .to(Sinks.discard())
                .preview(VALUES.size(), Duration.ofMinutes(5)));
        assertThat(preview.records()).hasSize(VALUES.size());
        return VALUES;
    }

    private List<String> write() throws Exception {
        send(client());
        return addedTo(topic);
    }

    private void send(Kafka kafka) throws Exception {
        Patiently.run(Pipeline.named(group).from(Sources.of(VALUES)).to(kafka.sink(topic, Serdes.String())));
    }

    private List<String> giveUp() throws Exception {
        giveUp(client(), Sources.of(VALUES));
        return addedTo(letters);
    }

    private void giveUp(Kafka kafka, Source<String> source) throws Exception {
        Patiently.run(Pipeline.named(group)
                .from(source)
                .map(
                        value -> {
                            throw new RefusedRecordException("is refused");
                        },
                        with().onFailure(deadLetter(kafka.deadLetters(letters))))
                .to(Sinks.discard()));
    }

    private List<String> redrive() throws Exception {
        assertThat(Patiently.call(() -> intoTopic().run()).replayed()).isEqualTo(VALUES.size());
        return addedTo(topic);
    }

    private List<String> dryRun() throws Exception {
        assertThat(Patiently.call(() -> intoTopic().dryRun()).replayed()).isEqualTo(VALUES.size());
        assertThat(addedTo(topic)).isEmpty();
        return VALUES;
    }

    private Redrive intoTopic() {
        return client().redrive(letters).into(topic);
    }

    private List<String> addedTo(String to) {
        List<String> stored = stored(to);
        return stored.subList(VALUES.size(), stored.size());
    }

    private List<String> stored(String in) {
        return server.records(in).stream().map(ConsumerRecord::value).toList();
    }
}
