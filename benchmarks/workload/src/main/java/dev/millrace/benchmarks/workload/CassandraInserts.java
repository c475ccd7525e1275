package dev.millrace.benchmarks.workload;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What everyone writes who has no sink for Cassandra: a prepared insert, a row a request. Thread-safe. */
public final class CassandraInserts implements AutoCloseable {

    /** Columns and key of a table of rows. */
    public static final String COLUMNS = """
             (user_name text, rating_timestamp timestamp, movie_name text, director text, country text,
              release_year int, rating_category text, duration int, show_id text, rating int,
              PRIMARY KEY ((user_name), rating_timestamp, movie_name)
            ) WITH CLUSTERING ORDER BY (rating_timestamp DESC)""";

    private final CqlSession session;
    private final PreparedStatement insert;

    /** Connects. */
    public CassandraInserts(Task task) {
        this(connected(task.cassandra()), task.table());
    }

    /** By a session, which is closed with it. */
    public CassandraInserts(CqlSession session, String table) {
        this.session = session;
        insert = session.prepare("INSERT INTO " + table + " (user_name, rating_timestamp, movie_name, director,"
                + " country, release_year, rating_category, duration, show_id, rating)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    }

    private static CqlSession connected(String cassandra) {
        int colon = cassandra.lastIndexOf(':');
        return CqlSession.builder()
                .addContactPoint(new InetSocketAddress(
                        cassandra.substring(0, colon), Integer.parseInt(cassandra.substring(colon + 1))))
                .withLocalDatacenter("datacenter1")
                .build();
    }

    /** Writes a row. */
    public CompletionStage<AsyncResultSet> write(EnrichedRating row) {
        return session.executeAsync(bound(row));
    }

    /** The statement of a row; what is {@code null} stays unset. */
    public BoundStatement bound(EnrichedRating row) {
        BoundStatementBuilder statement = insert.boundStatementBuilder()
                .setString(0, row.userName())
                .setInstant(1, row.ratingTimestamp())
                .setString(2, row.movieName());
        statement = set(statement, 3, row.director());
        statement = set(statement, 4, row.country());
        statement = set(statement, 5, row.releaseYear());
        statement = set(statement, 6, row.ratingCategory());
        statement = set(statement, 7, row.duration());
        statement = set(statement, 8, row.showId());
        return statement.setInt(9, row.rating()).setIdempotence(true).build();
    }

    private static BoundStatementBuilder set(BoundStatementBuilder statement, int index, @Nullable String value) {
        return value == null ? statement : statement.setString(index, value);
    }

    private static BoundStatementBuilder set(BoundStatementBuilder statement, int index, @Nullable Integer value) {
        return value == null ? statement : statement.setInt(index, value);
    }

    /** The session, for requests of other shapes. */
    public CqlSession session() {
        return session;
    }

    @Override
    public void close() {
        session.close();
    }
}
