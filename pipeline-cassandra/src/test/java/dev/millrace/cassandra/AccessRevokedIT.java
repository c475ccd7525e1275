package dev.millrace.cassandra;

import static dev.millrace.pipeline.policy.RetryPolicy.fixed;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.testkit.CassandraServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rights that are taken away and passwords that change while pipelines run: no record is to blame, so they wait. */
class AccessRevokedIT {

    private static final String PASSWORD = "canary-of-a-password";
    private static final String OTHER_PASSWORD = "canary-of-another-password";
    private static final String PAYLOAD = "canary-of-a-payload";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static CassandraServer server;
    private static CqlSession admin;

    record Line(int id, String value) {}

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger allowed = new AtomicInteger();
    private final String user = "app" + NAMES.incrementAndGet();
    private final String table = "secured.t" + user;
    private final String known = "secured.k" + user;

    @BeforeAll
    static void startAServerThatAsksForPasswords() {
        server = CassandraServer.builder()
                .property("authenticator", "PasswordAuthenticator")
                .property("authorizer", "CassandraAuthorizer")
                .property("permissions_validity", "0ms")
                .property("roles_validity", "0ms")
                .property("credentials_validity", "0ms")
                .property("write_request_timeout", "3m")
                .property("read_request_timeout", "3m")
                .property("range_request_timeout", "3m")
                .start();
        Assumptions.assumeFalse(server.isExternal(), "only a server of our own asks for these passwords");
        admin = superuser();
        admin.execute(
                "CREATE KEYSPACE secured WITH replication =" + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
    }

    /** The server makes it a moment after it has begun to listen. */
    private static CqlSession superuser() {
        CqlSession[] session = {null};
        await("the superuser is there", () -> {
            try {
                session[0] = TestNode.session(server, builder -> builder.withAuthCredentials("cassandra", "cassandra"));
                return true;
            } catch (AllNodesFailedException e) {
                return false;
            }
        });
        return session[0];
    }

    @AfterAll
    static void stop() {
        if (admin != null) {
            admin.close();
        }
        server.close();
    }

    private Cassandra cassandra() {
        admin.execute("CREATE TABLE " + table + " (id int PRIMARY KEY, value text)");
        admin.execute("CREATE TABLE " + known + " (id int PRIMARY KEY, value text)");
        admin.execute("INSERT INTO " + known + " (id, value) VALUES (1, '" + PAYLOAD + "')");
        admin.execute("CREATE ROLE " + user + " WITH LOGIN = true AND PASSWORD = '" + PASSWORD + "'");
        admin.execute("GRANT MODIFY ON " + table + " TO " + user);
        admin.execute("GRANT SELECT ON " + known + " TO " + user);
        return Cassandra.at(TestNode.address(server))
                .credentials(user, PASSWORD)
                .configure(TestNode::patient);
    }

    /** Lines as they are allowed, looked up and written; what fails often enough would be skipped. */
    private RunningPipeline start() {
        Cassandra cassandra = cassandra();
        RetryPolicy twice = fixed(Duration.ofMillis(100)).maxAttempts(2);
        StageOptions skipping = with().retry(twice).onFailure(FailurePolicy.skip());
        Pipeline pipeline = Pipeline.named("revoked-" + user)
                .from(Sources.every(
                        Duration.ofMillis(5), () -> next.get() < allowed.get() ? next.getAndIncrement() : -1))
                .filter(number -> number >= 0)
                .enrichOrDrop(
                        cassandra.table(known, Line.class).keyedBy("id"),
                        number -> 1,
                        (number, line) -> new Line(number, line.value()),
                        skipping.name("lookup"))
                .to(cassandra.sink(table, Line.class), skipping);
        return PipelineRunner.create().start(pipeline);
    }

    @Test
    void shouldWaitUntilTheRightToWriteIsGivenBackAndLoseNothing() {
        shouldWait("MODIFY", table, "to");
    }

    @Test
    void shouldWaitUntilTheRightToLookUpIsGivenBackAndLoseNothing() {
        shouldWait("SELECT", known, "lookup");
    }

    private void shouldWait(String right, String on, String stage) {
        try (LogCapture log = new LogCapture();
                RunningPipeline running = start()) {
            write(running, 20);
            admin.execute("REVOKE " + right + " ON " + on + " FROM " + user);
            allowed.addAndGet(20);
            awaitOutage(running, stage);
            assertThat(count()).isEqualTo(20);
            await("it logs why", () -> log.text().contains("no " + right + " permission for table " + on));
            assertThat(log.text()).contains("[revoked-" + user + "|" + stage + "] unavailable, next attempt in ");

            admin.execute("GRANT " + right + " ON " + on + " TO " + user);
            awaitWritten(running, 40);
            assertThatNothingIsGivenUpNorTold(running, log);
        }
    }

    @Test
    void shouldWaitUntilTheRightsToStatesAreGivenBackAndLoseNothing() throws Exception {
        Cassandra cassandra = cassandra();
        String states = "secured.s" + user;
        admin.execute("CREATE TABLE " + states + " (" + StatesContractIT.COLUMNS + ")");
        admin.execute("GRANT MODIFY ON " + states + " TO " + user);
        admin.execute("GRANT SELECT ON " + states + " TO " + user);
        KeptState state = new KeptState(new byte[] {1}, 1, new byte[] {2});
        try (StateTable opened = cassandra.states(states).open(new TestContext())) {
            answer(opened.save(Map.of("p", List.of(state))));
            admin.execute("REVOKE MODIFY ON " + states + " FROM " + user);
            admin.execute("REVOKE SELECT ON " + states + " FROM " + user);

            assertThatThrownBy(() -> answer(opened.save(Map.of("q", List.of(state)))))
                    .cause()
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("no MODIFY permission for table " + states);
            assertThatThrownBy(() -> answer(opened.load("p"))).hasCauseInstanceOf(UnavailableException.class);

            admin.execute("GRANT MODIFY ON " + states + " TO " + user);
            admin.execute("GRANT SELECT ON " + states + " TO " + user);
            answer(opened.save(Map.of("q", List.of(state))));
            assertThat(answer(opened.load("p"))).hasSize(1);
            assertThat(answer(opened.load("q"))).hasSize(1);
        }
    }

    private static <T> T answer(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(2, TimeUnit.MINUTES);
    }

    @Test
    void shouldGoOnWithAChangedPasswordWhileConnectedAndWaitForTheFormerOnceItMustConnectAgain() {
        try (LogCapture log = new LogCapture();
                RunningPipeline running = start()) {
            write(running, 20);
            password(OTHER_PASSWORD);
            write(running, 40);

            server.kill();
            server.restart();
            await("the server is back", AccessRevokedIT::answers);
            allowed.addAndGet(20);
            awaitOutage(running, "lookup");
            await("the server refuses the password", () -> log.text().contains("Authentication error"));
            assertThat(count()).isEqualTo(40);

            password(PASSWORD);
            awaitWritten(running, 60);
            assertThatNothingIsGivenUpNorTold(running, log);
        }
    }

    /** The server takes one change in a few seconds. */
    private void password(String password) {
        await("the password is changed", () -> {
            try {
                admin.execute("ALTER ROLE " + user + " WITH PASSWORD = '" + password + "'");
                return true;
            } catch (OverloadedException e) {
                return false;
            }
        });
    }

    private void write(RunningPipeline running, int all) {
        allowed.set(all);
        awaitWritten(running, all);
    }

    private void awaitWritten(RunningPipeline running, int all) {
        await(all + " are written: " + running.explain(), () -> count() == all);
    }

    private static void awaitOutage(RunningPipeline running, String stage) {
        await(
                "it says that it waits",
                () -> running.explain().contains(" in stage '" + stage + "' for ")
                        && running.explain().contains(", unavailable for ")
                        && running.health().reasons().stream()
                                .anyMatch(reason -> reason.startsWith("stage '" + stage + "' is unavailable for ")));
    }

    private static void assertThatNothingIsGivenUpNorTold(RunningPipeline running, LogCapture log) {
        assertThat(running.stats().skipped()).isZero();
        assertThat(log.text() + running.explain() + running.health())
                .doesNotContain(PASSWORD)
                .doesNotContain(OTHER_PASSWORD)
                .doesNotContain(PAYLOAD);
    }

    private long count() {
        return admin.execute("SELECT count(*) FROM " + table).one().getLong(0);
    }

    private static boolean answers() {
        try {
            admin.execute("SELECT key FROM system.local");
            return true;
        } catch (AllNodesFailedException e) {
            return false;
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
