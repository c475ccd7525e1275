package dev.millrace.benchmarks.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.testkit.CassandraServer;
import java.time.Duration;

/** A Cassandra node with tables for ratings. */
final class RowStore implements AutoCloseable {

    /** The test kit starts servers fast; these are to be fast for long. */
    static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

    private static final int HEAP = 3_072;
    private static final int PAGE = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final CassandraServer server = CassandraServer.builder()
            .heapMegabytes(HEAP)
            .jvmOption(ALL_COMPILERS)
            .start();
    private final CqlSession session = CqlSession.builder()
            .addContactPoint(server.contactPoint())
            .withLocalDatacenter("datacenter1")
            .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                    .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                    .build())
            .build();

    RowStore() {
        session.execute(
                "CREATE KEYSPACE bench" + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    }

    Brake brake(int percent) {
        return new Brake(server, percent);
    }

    /** Host and port. */
    String address() {
        return server.contactPoint().getHostString() + ":"
                + server.contactPoint().getPort();
    }

    /** Makes a table, and returns its full name. */
    String create(String name) {
        String table = "bench." + name;
        session.execute("CREATE TABLE " + table + CassandraInserts.COLUMNS);
        return table;
    }

    long count(String table) {
        long rows = 0;
        SimpleStatement all =
                SimpleStatement.newInstance("SELECT rating FROM " + table).setPageSize(PAGE);
        for (var unused : session.execute(all)) {
            rows++;
        }
        return rows;
    }

    void drop(String table) {
        session.execute("DROP TABLE " + table);
    }

    @Override
    public void close() {
        session.close();
        server.close();
    }
}
