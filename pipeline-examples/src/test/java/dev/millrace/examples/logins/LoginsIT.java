package dev.millrace.examples.logins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.Servers;
import dev.millrace.examples.TestServers;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/** The example as a user runs it, and its pipeline, checked row by row against what was sent. */
@ExtendWith(KafkaServerExtension.class)
class LoginsIT {

    /** Nobody kills it, so it need not wait for its disk with every few rows. */
    @RegisterExtension
    static final CassandraServerExtension CASSANDRA = CassandraServerExtension.of(
            CassandraServer.builder().property("commitlog_sync", "periodic").property("commitlog_sync_period", "10s"));

    private static final int MANY = 100_000;
    private static final Duration FRESHNESS = Duration.ofSeconds(30);

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream console = new PrintStream(output, true, UTF_8);

    private KafkaServer kafka;
    private CassandraServer cassandra;
    private UsersTable table;

    @BeforeEach
    void beginAnew(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        this.kafka = kafka;
        this.cassandra = cassandra;
        TestServers.clear(kafka);
        table = new UsersTable(cassandra);
        table.drop();
        try (Servers servers = TestServers.servers(kafka, cassandra)) {
            LoginsSchema.create(servers);
        }
    }

    @AfterEach
    void closeTable() {
        table.close();
    }

    @Test
    void shouldKeepTheNewestLoginOfEachUserAndCountThoseOfNobody() throws Exception {
        int exitCode = run("--logins", "400", "--rate", "2000", "--seed", "7", "--fresh-for", "0s");

        assertThat(exitCode).as(output.toString(UTF_8)).isZero();
        List<Login> sent = Logins.events(7, 400);
        // The newcomer is in the table from the second half on; with no answer kept, she is found at once.
        List<Login> known = IntStream.range(0, sent.size())
                .filter(i -> LoginsSchema.USERS.containsKey(sent.get(i).loginId())
                        || i >= 200 && sent.get(i).loginId().equals("100095"))
                .mapToObj(sent::get)
                .toList();
        Map<String, String> names = new HashMap<>(LoginsSchema.USERS);
        names.put("100095", "Newcomer");
        Map<String, String> expected = new TreeMap<>();
        newest(known).forEach((loginId, time) -> expected.put(loginId, names.get(loginId) + " " + time));
        assertThat(table.rows()).isEqualTo(expected).hasSize(6);
        assertThat(output.toString(UTF_8))
                .contains("Added user 100095")
                .containsPattern("read +400\\b")
                .containsPattern("written +" + known.size() + "\\b")
                .containsPattern("unknown +" + (400 - known.size()) + "\\b")
                .containsPattern("(?s)loginId\\s+userName\\s+lastLogin.*100009\\s+Alisha\\s+2020-09-18T");
        assertThat(TestServers.records(kafka, "logins"))
                .hasSize(400)
                .allSatisfy(record -> assertThat(record.value())
                        .matches("\\{\"created_time\":\"2020-09-18 \\d\\d:\\d\\d:\\d\\d\",\"login_id\":\""
                                + record.key() + "\"}"));
    }

    @Test
    void shouldFirstDoWhatARunBeforeHasLeft() throws Exception {
        List<Login> left = List.of(login("2030-01-01T00:00:00Z", "100009"), login("2020-01-01T00:00:00Z", "100001"));
        try (Servers servers = TestServers.servers(kafka, cassandra)) {
            sendAlone(servers, left);
        }

        int exitCode = run("--logins", "40", "--rate", "2000", "--seed", "7", "--fresh-for", "0s");

        assertThat(exitCode).as(output.toString(UTF_8)).isZero();
        assertThat(table.rows()).containsEntry("100009", "Alisha 2030-01-01T00:00:00Z");
        String newest = newest(Logins.events(7, 40)).get("100001").toString();
        assertThat(table.rows()).containsEntry("100001", "Prashant " + newest);
        assertThat(output.toString(UTF_8)).containsPattern("sent +40\\b").containsPattern("read +40\\b");
    }

    @Test
    void shouldNeverMoveALastLoginBackWhenAnOlderOneComesLate() throws Exception {
        try (Servers servers = TestServers.servers(kafka, cassandra);
                RunningPipeline logins = start(servers, FRESHNESS)) {
            send(servers, logins, login("2020-09-18T07:15:00Z", "100009"));
            assertThat(table.rows()).containsEntry("100009", "Alisha 2020-09-18T07:15:00Z");

            send(servers, logins, login("2020-09-18T07:14:59Z", "100009"), login("2020-09-17T23:59:59Z", "100009"));
            assertThat(table.rows()).containsEntry("100009", "Alisha 2020-09-18T07:15:00Z");

            send(servers, logins, login("2020-09-18T07:15:01Z", "100009"));
            assertThat(table.rows()).containsEntry("100009", "Alisha 2020-09-18T07:15:01Z");
        }
    }

    @Test
    void shouldNotMoveALastLoginBackAfterARestartEither() throws Exception {
        try (Servers servers = TestServers.servers(kafka, cassandra)) {
            try (RunningPipeline logins = start(servers, FRESHNESS)) {
                send(servers, logins, login("2020-09-18T07:15:00Z", "100001"));
            }
            try (RunningPipeline logins = start(servers, FRESHNESS)) {
                send(servers, logins, login("2020-09-18T07:14:00Z", "100001"));
                assertThat(logins.stats().recordsRead())
                        .as("the older login, and not the first once more")
                        .isEqualTo(1);
            }
        }

        assertThat(table.rows()).containsEntry("100001", "Prashant 2020-09-18T07:15:00Z");
    }

    @Test
    void shouldFindAUserWhoIsAddedWhileItRunsOnceTheAnswerIsNoLongerFresh() throws Exception {
        try (Servers servers = TestServers.servers(kafka, cassandra);
                RunningPipeline logins = start(servers, Duration.ofMillis(500))) {
            send(servers, logins, login("2020-09-18T07:15:00Z", "100200"));
            assertThat(logins.stats().stage("enrichOrDrop").dropped()).isEqualTo(1);
            assertThat(table.rows()).doesNotContainKey("100200");

            table.add("100200", "Somebody");
            String expected = "Somebody 2020-09-18T07:16:00Z";
            TestServers.await(() -> {
                send(servers, logins, login("2020-09-18T07:16:00Z", "100200"));
                return expected.equals(table.rows().get("100200"));
            });
        }
    }

    @Test
    void shouldKeepANameThatIsChangedWhileTheOldOneIsStillFresh() throws Exception {
        try (Servers servers = TestServers.servers(kafka, cassandra);
                RunningPipeline logins = start(servers, Duration.ofMinutes(10))) {
            send(servers, logins, login("2020-09-18T07:15:00Z", "100091"));
            table.add("100091", "Named");
            send(servers, logins, login("2020-09-18T07:16:00Z", "100091"));
        }

        assertThat(table.rows()).containsEntry("100091", "Named 2020-09-18T07:16:00Z");
    }

    @Test
    void shouldBringBackAUserWhoIsDeletedByNoLoginButOneOfLater() throws Exception {
        try (Servers servers = TestServers.servers(kafka, cassandra);
                RunningPipeline logins = start(servers, Duration.ofMinutes(10))) {
            send(servers, logins, login("2020-09-18T07:15:00Z", "100009"));
            table.remove("100009");
            send(servers, logins, login("2020-09-18T07:16:00Z", "100009"));
            assertThat(table.rows()).doesNotContainKey("100009");

            send(servers, logins, login("2100-01-01T00:00:00Z", "100009"));
        }
        assertThat(table.rows()).containsEntry("100009", "Alisha 2100-01-01T00:00:00Z");
    }

    @Test
    void shouldHoldTheNewestOfAHundredThousandLoginsInEachRow() throws Exception {
        List<String> users =
                IntStream.range(0, 1_000).mapToObj(i -> "2" + (10_000 + i)).toList();
        List<String> everybody = new ArrayList<>(users);
        IntStream.range(0, 100).forEach(i -> everybody.add("unknown-" + i));
        List<Login> sent = LoginEvents.seeded(20_200_918, MANY, everybody);
        table.addAll(users);

        RunningPipeline logins;
        try (Servers servers = TestServers.servers(kafka, cassandra)) {
            logins = PipelineRunner.create()
                    .start(LoginsPipeline.of(
                            servers.kafka(),
                            servers.cassandra(),
                            FRESHNESS,
                            new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)));
            try (logins) {
                send(servers, logins, sent.toArray(Login[]::new));
            }
        }

        assertThat(logins.failure()).isEmpty();
        Map<String, Instant> newest = newest(sent);
        Map<String, String> expected = new TreeMap<>();
        users.forEach(user -> expected.put(user, "user " + user + " " + newest.get(user)));
        LoginsSchema.USERS.forEach((loginId, name) -> expected.put(loginId, name + " null"));
        assertThat(table.rows()).isEqualTo(expected).hasSize(1_005);
        long unknown = sent.stream()
                .filter(login -> login.loginId().startsWith("unknown"))
                .count();
        assertThat(logins.stats().stage("enrichOrDrop").dropped()).isEqualTo(unknown);
        assertThat(logins.stats().stage("to").out()).isEqualTo(MANY - unknown);
        long backwards = IntStream.range(1, MANY)
                .filter(i -> sent.get(i).createdTime().isBefore(sent.get(i - 1).createdTime()))
                .count();
        assertThat(backwards).as("logins older than the one before").isGreaterThan(MANY / 3);
    }

    private int run(String... options) {
        List<String> arguments = new ArrayList<>(TestServers.options(kafka, cassandra));
        arguments.addAll(Arrays.asList(options));
        return new CommandLine(new Logins(console))
                .setErr(new PrintWriter(console, true, UTF_8))
                .execute(arguments.toArray(String[]::new));
    }

    private RunningPipeline start(Servers servers, Duration freshness) {
        return PipelineRunner.create()
                .start(LoginsPipeline.of(servers.kafka(), servers.cassandra(), freshness, console));
    }

    /** Sends them and waits until they are done. */
    private static void send(Servers servers, RunningPipeline logins, Login... events) {
        long before = logins.stats().recordsDone();
        sendAlone(servers, List.of(events));
        TestServers.await(() -> logins.stats().recordsDone() >= before + events.length
                || logins.state().isFinal());
        assertThat(logins.failure()).isEmpty();
    }

    private static void sendAlone(Servers servers, List<Login> events) {
        Pipeline sending = Pipeline.named("send")
                .from(Sources.of(events))
                .to(servers.kafka().sink("logins", JsonSerde.of(Login.class)).keyedBy(Login::loginId));
        try (RunningPipeline running = PipelineRunner.create().start(sending)) {
            running.awaitTermination();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static Login login(String time, String loginId) {
        return new Login(Instant.parse(time), loginId);
    }

    private static Map<String, Instant> newest(List<Login> logins) {
        Map<String, Instant> newest = new HashMap<>();
        logins.forEach(login ->
                newest.merge(login.loginId(), login.createdTime(), (one, other) -> one.isAfter(other) ? one : other));
        return newest;
    }
}
