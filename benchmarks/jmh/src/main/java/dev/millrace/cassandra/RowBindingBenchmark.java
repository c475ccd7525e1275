package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Rating;
import dev.millrace.testkit.CassandraServer;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Makes the statement of a row of ten columns: by the record's components, with its size and its partition, beside a
 * statement that is bound by hand. It takes a server to prepare statements, or one that
 * {@code -Dmillrace.cassandra=host:port} names; nothing is sent to it meanwhile.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RowBindingBenchmark {

    private static final String TABLE = "parts.ratings";

    private final EnrichedRating row =
            new Job().row(new Rating("User 1234", "Golden River of Time", 7, LocalDateTime.of(2025, 3, 25, 9, 53, 42)));
    private @Nullable CassandraServer server;
    private @Nullable CqlSession session;
    private final PendingWrite write = new PendingWrite(1);
    private @Nullable CassandraInserts inserts;
    private @Nullable RowEncoder<EnrichedRating> encoder;

    /** Prepares both statements. */
    @Setup
    public void prepare() {
        server = CassandraServer.start();
        session = CqlSession.builder()
                .addContactPoint(server.contactPoint())
                .withLocalDatacenter(server.datacenter())
                .build();
        session.execute("CREATE KEYSPACE IF NOT EXISTS parts"
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE IF NOT EXISTS " + TABLE + CassandraInserts.COLUMNS);
        inserts = new CassandraInserts(session, TABLE);
        TableName name = TableName.parse(TABLE);
        TableMetadata table = name.describedBy(session);
        Columns columns = RecordMapping.of(EnrichedRating.class)
                .fit(name, table, session.getContext().getCodecRegistry(), table.getPrimaryKey());
        encoder = new RowEncoder<>(
                session.prepare(Cql.insert(name, columns.names(), null)), columns, table, session, false);
    }

    /** Disconnects. */
    @TearDown
    public void close() {
        Objects.requireNonNull(session).close();
        Objects.requireNonNull(server).close();
    }

    /** As the sink does. */
    @Benchmark
    public Object bindMillrace() {
        return Objects.requireNonNull(encoder)
                .encode(write, 0, row, 1)
                .statement()
                .get();
    }

    /** As one does by hand. */
    @Benchmark
    public BoundStatement bindByHand() {
        return Objects.requireNonNull(inserts).bound(row);
    }
}
