package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.millrace.testkit.CassandraServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The one Cassandra node that all tests of a JVM share, started by the first to ask, and a session of the tests' own.
 */
final class TestNode {

    /** A loaded machine is slow; only tests of timeouts want short ones. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private TestNode() {}

    private static final class Holder {
        private static final CassandraServer SERVER = CassandraServer.builder()
                .property("write_request_timeout", "3m")
                .property("read_request_timeout", "3m")
                .property("range_request_timeout", "3m")
                .property("request_timeout", "3m")
                .start();
        private static final CqlSession SESSION = session(
                SERVER,
                builder -> builder.withConfigLoader(patient(DriverConfigLoader.programmaticBuilder())
                        // Or the first change of a table after a kill leaves the driver waiting for metadata for ever.
                        .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                        .build()));

        static {
            SESSION.execute("CREATE KEYSPACE IF NOT EXISTS test WITH replication ="
                    + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        }
    }

    static CassandraServer server() {
        return Holder.SERVER;
    }

    /** A session that a service might have; not for the test to close. */
    static CqlSession session() {
        return Holder.SESSION;
    }

    /** A session of a service, for the test to close. */
    static CqlSession session(CassandraServer server) {
        return session(server, builder -> {});
    }

    static CqlSession session(CassandraServer server, Consumer<CqlSessionBuilder> options) {
        CqlSessionBuilder builder = CqlSession.builder()
                .addContactPoint(server.contactPoint())
                .withLocalDatacenter(server.datacenter())
                .withConfigLoader(
                        patient(DriverConfigLoader.programmaticBuilder()).build());
        options.accept(builder);
        return builder.build();
    }

    static Cassandra cassandra() {
        return Cassandra.at(address()).configure(TestNode::patient);
    }

    static String address() {
        return address(server());
    }

    static String address(CassandraServer server) {
        return server.contactPoint().getHostString() + ":"
                + server.contactPoint().getPort();
    }

    /** Waits for a server that is slow, for as long as a test would. */
    static ProgrammaticDriverConfigLoaderBuilder patient(ProgrammaticDriverConfigLoaderBuilder options) {
        return options.withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(100))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(1))
                .withDuration(DefaultDriverOption.REQUEST_TRACE_INTERVAL, Duration.ofMillis(200))
                .withInt(DefaultDriverOption.REQUEST_TRACE_ATTEMPTS, 100);
    }

    /** Holds the node and waits until it does not answer: the signal takes a moment to reach all its threads. */
    static void pause() {
        server().pause();
        await("paused", () -> !answers());
    }

    /** Starts the node again and waits until the tests' own session has found it. */
    static void restart() {
        server().restart();
        await("back", TestNode::answers);
    }

    private static boolean answers() {
        try {
            session()
                    .execute(SimpleStatement.newInstance("SELECT key FROM system.local")
                            .setTimeout(Duration.ofMillis(300)));
            return true;
        } catch (DriverTimeoutException | AllNodesFailedException e) {
            return false;
        }
    }

    static void await(String state, BooleanSupplier reached) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the node is not " + state + " after " + PATIENCE);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    static void resume() {
        server().resume();
    }

    /** Creates a table with these columns and returns its name. */
    static String table(String columns) {
        String name = "test.t" + NAMES.incrementAndGet();
        Holder.SESSION.execute("DROP TABLE IF EXISTS " + name);
        Holder.SESSION.execute("CREATE TABLE " + name + " (" + columns + ")");
        return name;
    }
}
