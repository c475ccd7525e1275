package dev.millrace.examples.guide;

import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_ENGINE_FACTORY_CLASS;
import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_TRUSTSTORE_PASSWORD;
import static com.datastax.oss.driver.api.core.config.DefaultDriverOption.SSL_TRUSTSTORE_PATH;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.internal.core.ssl.DefaultSslEngineFactory;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.TestServers;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on security, on servers that ask for passwords and speak by TLS alone. */
@Timeout(600)
class SecurityGuideIT {

    record City(String name, int people) {}

    private static final String PASSWORD = "canary-of-a-password";
    private static final String STORE_PASSWORD = "canary-of-a-store";

    @TempDir
    private Path directory;

    @Test
    void shouldReadAndWriteAKafkaThatAsksForAPassword() throws Exception {
        Path store = certificate();
        Path authority = directory.resolve("authority.pem");
        keytool("-exportcert", "-rfc", "-file", authority.toString());
        String plain =
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"ratings\" password=\""
                        + PASSWORD + "\"";
        try (KafkaServer server = KafkaServer.builder()
                .property("listener.security.protocol.map", "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT")
                .property("sasl.enabled.mechanisms", "PLAIN")
                .property("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .property("listener.name.client.plain.sasl.jaas.config", plain + " user_ratings=\"" + PASSWORD + "\";")
                .property("ssl.keystore.location", store.toString())
                .property("ssl.keystore.password", STORE_PASSWORD)
                .property("ssl.truststore.location", store.toString())
                .property("ssl.truststore.password", STORE_PASSWORD)
                .start()) {
            Assumptions.assumeFalse(server.isExternal(), "only a broker of our own asks for this password");
            Patiently.createTopics(
                    Map.of(
                            "bootstrap.servers",
                            server.bootstrapServers(),
                            "security.protocol",
                            "SASL_SSL",
                            "sasl.mechanism",
                            "PLAIN",
                            "sasl.jaas.config",
                            plain + ";",
                            "ssl.truststore.type",
                            "PEM",
                            "ssl.truststore.location",
                            authority.toString()),
                    "cities");
            Kafka kafka = kafka(server.bootstrapServers(), plain + ";", authority);
            List<String> read = new ArrayList<>();

            Patiently.run(Pipeline.named("cities").from(Sources.of("Lima")).to(kafka.sink("cities", Serdes.String())));
            Patiently.run(Pipeline.named("read")
                    .from(kafka.source("cities", Serdes.String()).untilEnd())
                    .to(Sinks.into(read)));

            assertThat(read).containsExactly("Lima");
            assertThat(kafka.toString())
                    .contains("security.protocol=SASL_SSL", "sasl.jaas.config=[hidden]")
                    .doesNotContain(PASSWORD);
        }
    }

    private static Kafka kafka(String brokers, String jaas, Path authority) {
        // docs:begin
        return Kafka.at(brokers)
                .with("security.protocol", "SASL_SSL")
                .with("sasl.mechanism", "PLAIN")
                .with("sasl.jaas.config", jaas)
                .with("ssl.truststore.type", "PEM")
                .with("ssl.truststore.location", authority.toString());
        // docs:end
    }

    @Test
    void shouldWriteToACassandraThatAsksForAPassword() throws Exception {
        Path store = certificate();
        String encryption = "{enabled: true, keystore: '" + store + "', keystore_password: '" + STORE_PASSWORD + "'}";
        try (CassandraServer server = CassandraServer.builder()
                .property("authenticator", "PasswordAuthenticator")
                .property("client_encryption_options", encryption)
                .start()) {
            Assumptions.assumeFalse(server.isExternal(), "only a node of our own asks for this password");
            try (CqlSession session = session(server, store)) {
                session.execute("CREATE KEYSPACE guide WITH replication ="
                        + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
                session.execute("CREATE TABLE guide.cities (name text PRIMARY KEY, people int)");
                session.execute("CREATE ROLE ratings WITH LOGIN = true AND PASSWORD = '" + PASSWORD + "'");
                Cassandra cassandra = cassandra(TestServers.address(server), PASSWORD, store, STORE_PASSWORD);

                Patiently.run(Pipeline.named("cities")
                        .from(Sources.of(new City("Lima", 10_000_000)))
                        .to(cassandra.sink("guide.cities", City.class)));

                assertThat(session.execute("SELECT name FROM guide.cities")
                                .one()
                                .getString(0))
                        .isEqualTo("Lima");
                assertThat(cassandra.toString()).doesNotContain(PASSWORD).doesNotContain(STORE_PASSWORD);
            }
        }
    }

    private static Cassandra cassandra(String node, String password, Path truststore, String truststorePassword) {
        // docs:begin
        return Cassandra.at(node)
                .credentials("ratings", password)
                .configure(driver -> driver.withClass(SSL_ENGINE_FACTORY_CLASS, DefaultSslEngineFactory.class)
                        .withString(SSL_TRUSTSTORE_PATH, truststore.toString())
                        .withString(SSL_TRUSTSTORE_PASSWORD, truststorePassword));
        // docs:end
    }

    /** As the superuser. */
    private static CqlSession session(CassandraServer server, Path store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(store)) {
            trusted.load(stored, STORE_PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return TestServers.superuser(() -> TestServers.patientSession(server).withSslContext(context));
    }

    /** A key and its certificate, of a server on this machine. */
    private Path certificate() throws Exception {
        keytool("-genkeypair", "-keyalg", "RSA", "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1");
        return store();
    }

    private Path store() {
        return directory.resolve("server.p12");
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = Stream.concat(
                        Stream.concat(Stream.of(tool), Stream.of(arguments)),
                        Stream.of(
                                "-storetype", "PKCS12", "-storepass", STORE_PASSWORD, "-keystore", store().toString()))
                .toList();
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
