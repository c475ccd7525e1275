package dev.millrace.testkit;

import java.util.function.Supplier;

/**
 * Gives JUnit tests a {@link CassandraServer}, as a parameter or from a field.
 *
 * <pre>{@code
 * @ExtendWith(CassandraServerExtension.class)
 * class RatingsIT {
 *     @Test
 *     void shouldStoreWhatWasRated(CassandraServer cassandra) { ... }
 * }
 *
 * @RegisterExtension
 * static final CassandraServerExtension CASSANDRA =
 *         CassandraServerExtension.of(CassandraServer.builder().property("batch_size_fail_threshold", "10KiB"));
 * }</pre>
 *
 * <p>A shared server is one for all test classes of the run: tests take keyspaces or tables of their own. A test that
 * stops, kills or pauses the server leaves it so to nobody: before each test it is running again. After a failed test
 * the server's directory is kept and its log named.
 *
 * <p>Needs JUnit 5.13 or newer. This class is thread-safe for a shared server; a server of its own belongs to one test
 * class.
 */
public final class CassandraServerExtension extends ServerExtension<CassandraServer> {
    /** The shared server, for {@code @ExtendWith}. */
    public CassandraServerExtension() {
        this(CassandraServer::start, true);
    }

    private CassandraServerExtension(Supplier<CassandraServer> starter, boolean shared) {
        super(CassandraServer.class, starter, shared);
    }

    /** The server shared by all test classes that ask for it, with the default options. */
    public static CassandraServerExtension shared() {
        return new CassandraServerExtension();
    }

    /** A server with options of its own, closed after the test class of a static field, or the test of another. */
    public static CassandraServerExtension of(CassandraServer.Builder options) {
        return new CassandraServerExtension(options::start, false);
    }
}
