package dev.millrace.faults;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** One broker and one node for all tests, started by the first to ask, and clients of the tests' own. */
final class Servers {

    /** After so long a silent member's partitions go to others: short, so that many kills fit into a build. */
    static final int SESSION_MILLIS = 2_000;

    static final int HEARTBEAT_MILLIS = 300;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Servers() {}

    private static final class KafkaHolder {
        private static final KafkaServer SERVER = kafkaOptions().start();
        private static final Admin ADMIN = admin(SERVER.bootstrapServers());
    }

    private static final class CassandraHolder {
        private static final CassandraServer SERVER = newCassandra();
        private static final CqlSession SESSION = session(SERVER);
    }

    static KafkaServer.Builder kafkaOptions() {
        return KafkaServer.builder()
                .property("group.min.session.timeout.ms", "1000")
                .property("group.consumer.min.session.timeout.ms", "1000")
                .property("group.consumer.session.timeout.ms", Integer.toString(SESSION_MILLIS))
                .property("group.consumer.min.heartbeat.interval.ms", "100")
                .property("group.consumer.heartbeat.interval.ms", Integer.toString(HEARTBEAT_MILLIS));
    }

    static KafkaServer kafka() {
        return KafkaHolder.SERVER;
    }

    static Admin admin() {
        return KafkaHolder.ADMIN;
    }

    static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    static CassandraServer cassandra() {
        return CassandraHolder.SERVER;
    }

    /** For a test that kills its node. */
    static CassandraServer newCassandra() {
        return CassandraServer.builder().heapMegabytes(768).start();
    }

    /** Of the plain driver, for the tests to look into tables with. */
    static CqlSession session() {
        return CassandraHolder.SESSION;
    }

    static String address(CassandraServer server) {
        InetSocketAddress address = server.contactPoint();
        return address.getHostString() + ":" + address.getPort();
    }

    /** With the keyspace that all tests use. */
    static CqlSession session(CassandraServer server) {
        CqlSession session = CqlSession.builder()
                .addContactPoint(server.contactPoint())
                .withLocalDatacenter(server.datacenter())
                .withConfigLoader(patient().build())
                .build();
        session.execute("CREATE KEYSPACE IF NOT EXISTS faults WITH replication ="
                + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        return session;
    }

    /** Options of a driver that waits for a machine that stands still. */
    static ProgrammaticDriverConfigLoaderBuilder patient() {
        return DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(200))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(1))
                // Or the first change of a table after a kill leaves the driver waiting for metadata for ever.
                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false);
    }
}
