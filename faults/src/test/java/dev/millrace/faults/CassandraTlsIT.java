package dev.millrace.faults;

import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_ENGINE_FACTORY_CLASS;
import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_KEYSTORE_PASSWORD;
import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_KEYSTORE_PATH;
import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_TRUSTSTORE_PASSWORD;
import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_TRUSTSTORE_PATH;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DriverOption;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.internal.core.ssl.DefaultSslEngineFactory;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.CassandraServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** F50: a node and clients that show each other certificates. What is not as it should be is not spoken to. */
@Timeout(600)
class CassandraTlsIT {

    record Row(int number) {}

    /** What the driver calls the node, whose address it looks up. */
    private static final String HOST = "localhost";

    private static final String USER = "cassandra";
    private static final String PASSWORD = "canary-of-a-password";

    @TempDir
    private static Path directory;

    private static Authority authority;
    private static Authority stranger;
    private static Path shown;
    private static CassandraServer server;

    @BeforeAll
    static void startANodeThatAsksForCertificates() throws Exception {
        authority = new Authority(directory, "authority");
        stranger = new Authority(directory, "stranger");
        shown = Files.copy(authority.server(HOST), directory.resolve("shown.p12"));
        server = CassandraServer.builder()
                .heapMegabytes(768)
                .property("authenticator", "PasswordAuthenticator")
                .property(
                        "client_encryption_options",
                        ("{enabled: true, require_client_auth: true, keystore: '%s', truststore: '%s',"
                                        + " keystore_password: %3$s, truststore_password: %3$s}")
                                .formatted(shown, authority.trust(), Authority.STORE_PASSWORD))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Refused<Cassandra>> refused() throws Exception {
        Path trust = authority.trust();
        Path key = authority.client();
        return Stream.of(
                new Refused<>(
                        "of an unknown authority",
                        cassandra(with(trusting(stranger.trust()), key)),
                        "unable to find valid certification path"),
                new Refused<>("with none of the client's", cassandra(trusting(trust)), "certificate"),
                new Refused<>(
                        "with one of the client's by an unknown authority",
                        cassandra(with(trusting(trust), stranger.client())),
                        "certificate"),
                new Refused<>(
                        "without TLS",
                        Cassandra.at(Servers.address(server)).credentials(USER, USER),
                        "Connection reset"),
                new Refused<>(
                        "with a wrong password",
                        cassandra(with(trusting(trust), key)).credentials(USER, PASSWORD),
                        "refused the credentials of user 'cassandra'"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldNotStart(Refused<Cassandra> refused) {
        assertRefused(refused.connector(), refused.reason());
    }

    private static void assertRefused(Cassandra cassandra, String reason) {
        assertThatThrownBy(() -> PipelineRunner.create()
                        .start(Pipeline.named("write")
                                .from(Sources.of(new Row(1)))
                                .to(cassandra.sink("tls.rows", Row.class))))
                .isInstanceOf(PipelineFailedException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n", Authority.STORE_PASSWORD, PASSWORD);
    }

    @Test
    void shouldWriteOnOnceTheCertificateOfTheNodeIsRenewed() throws Exception {
        Map<DriverOption, String> clients = with(trusting(authority.trust()), authority.client());
        try (CqlSession session = session(clients)) {
            session.execute(
                    "CREATE KEYSPACE tls WITH replication =" + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE tls.rows (number int PRIMARY KEY)");
        }
        AtomicInteger numbers = new AtomicInteger();
        Pipeline pipeline = Pipeline.named("rows")
                .from(Sources.every(ofMillis(20), () -> new Row(numbers.incrementAndGet())))
                .to(cassandra(clients).sink("tls.rows", Row.class));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            awaitDone(running, 50);

            show(authority.server("elsewhere.example"));
            assertRefused(cassandra(clients), "No subject alternative DNS name matching localhost found");
            show(authority.expiredServer(HOST));
            assertRefused(cassandra(clients), "NotAfter");
            Await.until(
                    "the refusal",
                    Await.PATIENCE,
                    running::explain,
                    () -> running.explain().contains("unavailable"));
            show(authority.server(HOST));

            awaitDone(running, numbers.get() + 50);
            running.close();
        }
        assertThat(numbersIn(clients))
                .isEqualTo(IntStream.rangeClosed(1, numbers.get()).boxed().collect(Collectors.toSet()));
    }

    private static void awaitDone(RunningPipeline running, long records) throws Exception {
        Await.until(
                records + " records done",
                Await.PATIENCE,
                running::explain,
                () -> running.stats().recordsDone() >= records);
    }

    /** The node has this certificate from now on. */
    private static void show(Path keys) throws Exception {
        Files.copy(keys, shown, StandardCopyOption.REPLACE_EXISTING);
        server.stop();
        server.restart();
    }

    private static Set<Integer> numbersIn(Map<DriverOption, String> clients) throws Exception {
        try (CqlSession session = session(clients)) {
            return StreamSupport.stream(
                            session.execute("SELECT number FROM tls.rows").spliterator(), false)
                    .map(row -> row.getInt(0))
                    .collect(Collectors.toSet());
        }
    }

    /** Of the plain driver, as the superuser, which the node makes a moment after it has begun to listen. */
    private static CqlSession session(Map<DriverOption, String> clients) throws Exception {
        AtomicReference<CqlSession> session = new AtomicReference<>();
        Await.until("the superuser", Await.PATIENCE, () -> "refused", () -> {
            try {
                session.set(CqlSession.builder()
                        .addContactPoint(server.contactPoint())
                        .withLocalDatacenter(server.datacenter())
                        .withAuthCredentials(USER, USER)
                        .withConfigLoader(encrypted(Servers.patient(), clients).build())
                        .build());
                return true;
            } catch (AllNodesFailedException e) {
                return false;
            }
        });
        return session.get();
    }

    private static Cassandra cassandra(Map<DriverOption, String> clients) {
        return Cassandra.at(Servers.address(server))
                .credentials(USER, USER)
                .configure(driver -> encrypted(driver, clients));
    }

    private static ProgrammaticDriverConfigLoaderBuilder encrypted(
            ProgrammaticDriverConfigLoaderBuilder driver, Map<DriverOption, String> clients) {
        driver.withClass(SSL_ENGINE_FACTORY_CLASS, DefaultSslEngineFactory.class);
        clients.forEach(driver::withString);
        return driver;
    }

    private static Map<DriverOption, String> trusting(Path store) {
        return Map.of(SSL_TRUSTSTORE_PATH, store.toString(), SSL_TRUSTSTORE_PASSWORD, Authority.STORE_PASSWORD);
    }

    private static Map<DriverOption, String> with(Map<DriverOption, String> clients, Path key) {
        Map<DriverOption, String> all = new HashMap<>(clients);
        all.put(SSL_KEYSTORE_PATH, key.toString());
        all.put(SSL_KEYSTORE_PASSWORD, Authority.STORE_PASSWORD);
        return all;
    }
}
