package dev.millrace.kafka;

import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.RetryPolicy.fixed;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rights that are taken away and passwords that change while a pipeline runs. */
class KafkaAccessIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** A member without rights cannot leave its group: the next one waits until its session is over. */
    private static final int BRIEF_SESSION = 6_000;

    private static final String ADMIN = "canary-of-the-administrator";
    private static final String PASSWORD = "canary-of-a-password";
    private static final String OTHER_PASSWORD = "canary-of-another-password";
    private static final String PAYLOAD = "canary-of-a-payload-";

    private static KafkaServer server;
    private static Broker broker;

    private final String in = broker.newTopic(1);
    private final String out = broker.newTopic(1);
    private final String name = "access-" + in;
    private final String reader = "reader-" + UUID.randomUUID();
    private final String writer = "writer-" + UUID.randomUUID();
    private final AclBinding read = rule(reader, ResourceType.TOPIC, in, AclOperation.READ);
    private final AclBinding group = rule(reader, ResourceType.GROUP, name, AclOperation.READ);
    private final AclBinding write = rule(writer, ResourceType.TOPIC, out, AclOperation.WRITE);
    private final LogCapture log = new LogCapture();
    /** Longer than a machine stands still: the group would go on without the member, and records come twice. */
    private int sessionMillis = 45_000;

    private int sent;

    @BeforeAll
    static void startABrokerThatAsksForPasswords() {
        String plain = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\""
                + ADMIN + "\"";
        server = KafkaServer.builder()
                .property("listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT")
                .property("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256")
                .property("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .property("listener.name.client.plain.sasl.jaas.config", plain + " user_admin=\"" + ADMIN + "\";")
                .property(
                        "listener.name.client.scram-sha-256.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                // So that those who are connected notice a changed password. Below 2 s, clients in time are refused.
                .property("connections.max.reauth.ms", "3000")
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("super.users", "User:admin;User:ANONYMOUS")
                .start();
        Assumptions.assumeFalse(server.isExternal(), "only a broker of our own asks for these passwords");
        broker = Broker.of(
                server,
                Map.of(
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        "PLAIN",
                        "sasl.jaas.config",
                        plain + ";"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void give() {
        password(reader, PASSWORD);
        password(writer, PASSWORD);
        List.of(read, group, write).forEach(KafkaAccessIT::grant);
    }

    /** Whatever has happened. */
    @AfterEach
    void shouldHaveToldNoSecretAndNoPayload() {
        assertThat(log.text())
                .contains(name)
                .doesNotContain(PASSWORD)
                .doesNotContain(OTHER_PASSWORD)
                .doesNotContain(ADMIN)
                .doesNotContain(PAYLOAD);
        log.close();
    }

    @Test
    void shouldFailWhenTheRightToWriteIsRevokedAndGoOnAtThatRecordAfterwards() throws Exception {
        try (RunningPipeline running = start(PipelineRunner.create(), PASSWORD)) {
            send(20);
            awaitWritten(running);
            revoke(write);
            send(20);
            assertThatThrownBy(() -> running.awaitTermination(LIMIT))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasStackTraceContaining("Not authorized to access topics: [" + out + "]")
                    .satisfies(KafkaAccessIT::tellsNothing);
        }
        assertThat(broker.committed(name, in)).containsOnly(Map.entry(0, 20L));
        assertThat(written()).hasSize(20);

        grant(write);
        try (RunningPipeline running = start(PipelineRunner.create(), PASSWORD)) {
            awaitWritten(running);
        }
        assertThat(written()).isEqualTo(all());
    }

    /** What the producer has taken it keeps then, and tells nobody. */
    @Test
    void shouldFailWhenTheRightToWriteIsRevokedWhileTheProducerLingers() throws Exception {
        Kafka lingering = as(writer, PASSWORD).with("linger.ms", 600_000);
        try (RunningPipeline running = PipelineRunner.create()
                .commitInterval(Duration.ofMillis(100))
                .start(Pipeline.named(name)
                        .from(as(reader, PASSWORD).source(in, Serdes.String()))
                        .to(lingering.sink(out, Serdes.String()), with().onFailure(skip())))) {
            send(20);
            Collected.await(
                    "they are with the producer", () -> running.stats().recordsInFlight() == 20, running::explain);
            revoke(write);
            assertThatThrownBy(() -> running.awaitTermination(LIMIT))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasStackTraceContaining("Not authorized to access topics: [" + out + "]")
                    .satisfies(KafkaAccessIT::tellsNothing);
        }
        assertThat(broker.committed(name, in).getOrDefault(0, 0L)).isZero();
        assertThat(written()).isEmpty();
    }

    @Test
    void shouldGiveUpOnlyTheRecordsThatChoseATopicWhichMayNotBeWritten() throws Exception {
        String forbidden = broker.newTopic(1);
        KafkaSink<String> sink =
                as(writer, PASSWORD).sink(out, Serdes.String()).topic(value -> value.endsWith("3") ? forbidden : null);
        send(100);

        try (RunningPipeline running = PipelineRunner.create()
                .commitInterval(Duration.ofMillis(100))
                .start(Pipeline.named(name)
                        .from(as(reader, PASSWORD).source(in, Serdes.String()))
                        .to(sink, with().onFailure(skip())))) {
            Collected.await("all is done", () -> Map.of(0, 100L).equals(broker.committed(name, in)), running::explain);
            assertThat(running.stats().skipped()).isEqualTo(10);
        }
        assertThat(written())
                .as("in order, and none twice")
                .isEqualTo(all().stream().filter(value -> !value.endsWith("3")).toList());
        assertThat(broker.read(forbidden)).isEmpty();
    }

    enum Right {
        TOPIC,
        GROUP
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeginAnewUntilTheRightToReadIsGivenBackWhereRestartsAreAskedFor(Right right) throws Exception {
        sessionMillis = BRIEF_SESSION;
        AclBinding revoked = right == Right.TOPIC ? read : group;
        PipelineRunner persistent =
                PipelineRunner.create().restart(fixed(Duration.ofMillis(500)).maxAttempts(1_000));
        try (RunningPipeline running = start(persistent, PASSWORD)) {
            send(20);
            awaitWritten(running);
            revoke(revoked);
            send(20);
            Collected.await(
                    "it says why it begins anew",
                    () -> running.explain().contains("begins anew in ")
                            && running.explain()
                                    .contains(": no right to READ "
                                            + (right == Right.TOPIC ? "topic '" + in : "group '" + name)),
                    running::explain);
            assertThat(written()).hasSizeBetween(20, 40);

            grant(revoked);
            awaitWritten(running);
            assertThat(running.explain()).satisfies(KafkaAccessIT::holdsNothing);
        }
        assertThat(written()).containsAll(all());
        assertThat(broker.committed(name, in)).containsOnly(Map.entry(0, 40L));
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailWhenTheRightToReadIsRevoked(Right right) throws Exception {
        try (RunningPipeline running = start(PipelineRunner.create(), PASSWORD)) {
            send(20);
            awaitWritten(running);
            revoke(right == Right.TOPIC ? read : group);
            send(20);
            assertThatThrownBy(() -> running.awaitTermination(LIMIT))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasStackTraceContaining(
                            right == Right.TOPIC
                                    ? "Not authorized to access topics: [" + in + "]"
                                    : "Not authorized to access group: " + name)
                    .satisfies(KafkaAccessIT::tellsNothing);
        }
        assertNothingCommittedThatIsNotWritten();
    }

    @Test
    void shouldFailWhenThePasswordOfTheSourceChangesAndGoOnWithTheNewOne() throws Exception {
        sessionMillis = BRIEF_SESSION;
        try (RunningPipeline running = start(PipelineRunner.create(), PASSWORD)) {
            send(20);
            awaitWritten(running);
            password(reader, OTHER_PASSWORD);
            assertThatThrownBy(() -> running.awaitTermination(LIMIT))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasStackTraceContaining("SaslAuthenticationException")
                    .satisfies(KafkaAccessIT::tellsNothing);
        }
        send(20);
        assertNothingCommittedThatIsNotWritten();
        try (RunningPipeline running = start(PipelineRunner.create(), OTHER_PASSWORD)) {
            awaitWritten(running);
        }
        assertThat(written()).containsAll(all());
    }

    @Test
    void shouldWaitForTheFormerPasswordOfTheSinkAndLoseNothing() throws Exception {
        try (RunningPipeline running = start(PipelineRunner.create(), PASSWORD)) {
            send(20);
            awaitWritten(running);
            password(writer, OTHER_PASSWORD);
            Collected.await(
                    "it says that it waits, and why",
                    () -> {
                        send(1);
                        return log.text().contains("[" + name + "|to] waits for topic '" + out + "'")
                                && log.text().contains("SaslAuthenticationException");
                    },
                    running::explain);
            Collected.await(
                    "it says where it waits",
                    () -> running.explain().contains(" in stage 'to' for "),
                    running::explain);
            assertNothingCommittedThatIsNotWritten();

            password(writer, PASSWORD);
            awaitWritten(running);
        }
        assertThat(written()).as("in order, and none twice").isEqualTo(all());
    }

    /** No record is ever to blame here, so none must be skipped. */
    private RunningPipeline start(PipelineRunner runner, String readersPassword) {
        return runner.commitInterval(Duration.ofMillis(100))
                .start(Pipeline.named(name)
                        .from(as(reader, readersPassword).source(in, Serdes.String()))
                        .to(as(writer, PASSWORD).sink(out, Serdes.String()), with().onFailure(skip())));
    }

    private Kafka as(String user, String password) {
        return broker.kafka()
                .with("metadata.max.age.ms", 500)
                .with("session.timeout.ms", sessionMillis)
                .with("heartbeat.interval.ms", 1_000)
                .with("security.protocol", "SASL_PLAINTEXT")
                .with("sasl.mechanism", "SCRAM-SHA-256")
                .with(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user
                                + "\" password=\"" + password + "\";");
    }

    private void send(int count) {
        broker.send(
                in,
                0,
                IntStream.range(sent, sent + count).mapToObj(i -> PAYLOAD + i).toArray(String[]::new));
        sent += count;
    }

    private List<String> all() {
        return IntStream.range(0, sent).mapToObj(i -> PAYLOAD + i).toList();
    }

    private List<String> written() {
        return broker.read(out).stream()
                .map(record -> new String(record.value(), UTF_8))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private void awaitWritten(RunningPipeline running) {
        Collected.await(
                "all is written and committed",
                () -> Map.of(0, (long) sent).equals(broker.committed(name, in)),
                running::explain);
        assertThat(written()).containsAll(all());
    }

    private void assertNothingCommittedThatIsNotWritten() {
        long committed = broker.committed(name, in).get(0);
        assertThat(written()).containsAll(all().subList(0, Math.toIntExact(committed)));
    }

    private static void tellsNothing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            holdsNothing(cause.toString());
        }
    }

    private static void holdsNothing(String text) {
        assertThat(text).doesNotContain(PASSWORD, OTHER_PASSWORD, ADMIN, PAYLOAD);
    }

    private static AclBinding rule(String user, ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private static void grant(AclBinding rule) {
        broker.admin(admin -> admin.createAcls(List.of(rule)).all().get());
        Collected.await("the right is given", () -> rules(rule).contains(rule), () -> rules(rule));
    }

    private static void revoke(AclBinding rule) {
        broker.admin(admin -> admin.deleteAcls(List.of(rule.toFilter())).all().get());
        Collected.await("the right is revoked", () -> !rules(rule).contains(rule), () -> rules(rule));
    }

    private static Collection<AclBinding> rules(AclBinding rule) {
        return broker.admin(
                admin -> admin.describeAcls(rule.toFilter()).values().get());
    }

    private static void password(String user, String password) {
        ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4_096);
        broker.admin(admin -> admin.alterUserScramCredentials(
                        List.of(new UserScramCredentialUpsertion(user, info, password)))
                .all()
                .get());
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
