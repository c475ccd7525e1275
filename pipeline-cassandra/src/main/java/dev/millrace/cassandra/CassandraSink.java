package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.DataTypes;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as rows of a table; made by {@link Cassandra#sink}. A row that is there already is overwritten, column
 * by column, where the record's write timestamp is the later one: by default the time when the record first reached the
 * sink, the same in each attempt, so that neither a retry nor a late answer ever overwrites newer data.
 *
 * <p>A component that is {@code null}, or an empty {@code Optional}, leaves its column as it is. Delivery is at least
 * once; since rows are upserts, a record that comes again changes nothing, save that a replay after a restart carries
 * new write timestamps unless {@link #writtenAt} takes them from the record.
 *
 * <p><b>What travels together.</b> A row goes at once, and alone, while fewer requests are under way than may be. Rows
 * beyond that wait, and what waits goes as unlogged batches: rows of one partition of the table, whichever batches of
 * the engine they came in, and up to 10 partitions that the same nodes hold, up to {@link #batchBytes} and 100 rows. So
 * nothing is ever held back for the sake of company: an idle pipeline writes each row as it comes, and a busy one makes
 * fewer requests the more it has to write, which spares the server most of its work. How many rows can wait is for the
 * stage's concurrency and batch size and for {@link dev.millrace.pipeline.runtime.PipelineRunner#maxInFlight} to say.
 * Of what is grouped each row succeeds or fails by itself.
 *
 * <p>When opened, the sink compares the record with the table and fails with all that does not fit. A record that the
 * table cannot hold (no primary key, a key of more than 65,535 bytes, a value that the server refuses) is refused; a
 * cluster that cannot be reached, times out or is overloaded is reported as unavailable, for the rows it concerns only,
 * and so is a table that has been dropped or changed meanwhile, or that may no longer be written: the pipeline waits
 * until that is mended.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the records
 */
public final class CassandraSink<T> implements Sink<T> {

    /** Servers warn from 5 KiB on. */
    static final int DEFAULT_BATCH_BYTES = 5_000;

    private static final int DEFAULT_CONCURRENCY = 256;
    private static final Duration LONGEST_TTL = Duration.ofDays(20 * 365);

    private final Cassandra cassandra;
    private final TableName table;
    private final RecordMapping<T> mapping;
    private final Options<T> options;

    private record Options<T>(
            @Nullable Function<? super T, Instant> writtenAt,
            boolean nullsDelete,
            @Nullable Duration ttl,
            @Nullable ConsistencyLevel consistency,
            int concurrency,
            int batchBytes) {}

    CassandraSink(Cassandra cassandra, TableName table, RecordMapping<T> mapping) {
        this(
                cassandra,
                table,
                mapping,
                new Options<>(null, false, null, null, DEFAULT_CONCURRENCY, DEFAULT_BATCH_BYTES));
    }

    private CassandraSink(Cassandra cassandra, TableName table, RecordMapping<T> mapping, Options<T> options) {
        this.cassandra = cassandra;
        this.table = table;
        this.mapping = mapping;
        this.options = options;
    }

    /**
     * Stores a component in a column of another name, exactly as the table has it. By default {@code loginId} goes to
     * {@code login_id}, or to a column {@code "loginId"} if only that exists.
     *
     * @throws IllegalArgumentException if the record has no such component
     */
    public CassandraSink<T> column(String component, String column) {
        return new CassandraSink<>(
                cassandra, table, mapping.column(component, Objects.requireNonNull(column, "column")), options);
    }

    /**
     * Does not store a component.
     *
     * @throws IllegalArgumentException if the record has no such component
     */
    public CassandraSink<T> without(String component) {
        return new CassandraSink<>(cassandra, table, mapping.without(component), options);
    }

    /**
     * Takes the write timestamp from the record, to the microsecond: of two records with one primary key the one with
     * the later time stays, in whichever order they arrive, also across restarts. Of two with the same time, the
     * greater value stays, column by column. The function is called by several workers at once; what it throws is a
     * failure of the record.
     */
    public CassandraSink<T> writtenAt(Function<? super T, Instant> writtenAt) {
        Objects.requireNonNull(writtenAt, "writtenAt");
        return with(new Options<>(
                writtenAt,
                options.nullsDelete,
                options.ttl,
                options.consistency,
                options.concurrency,
                options.batchBytes));
    }

    /** A component that is {@code null} deletes what its column holds, which costs the server a tombstone. */
    public CassandraSink<T> nullsDelete() {
        return with(new Options<>(
                options.writtenAt, true, options.ttl, options.consistency, options.concurrency, options.batchBytes));
    }

    /** Lets rows expire; in whole seconds, at most 20 years. By default the table's setting. */
    public CassandraSink<T> ttl(Duration ttl) {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(LONGEST_TTL) > 0) {
            throw new IllegalArgumentException("ttl must be 1 second to 20 years, got " + ttl);
        }
        return with(new Options<>(
                options.writtenAt,
                options.nullsDelete,
                ttl,
                options.consistency,
                options.concurrency,
                options.batchBytes));
    }

    /** How many replicas must have a row before it counts as written. By default the session's, which is LOCAL_ONE. */
    public CassandraSink<T> consistency(ConsistencyLevel consistency) {
        Objects.requireNonNull(consistency, "consistency");
        return with(new Options<>(
                options.writtenAt,
                options.nullsDelete,
                options.ttl,
                consistency,
                options.concurrency,
                options.batchBytes));
    }

    /**
     * The most requests under way at once, by default 256; rows beyond them wait and are grouped. There are fewer at
     * the start, and while answers take more than a second, unless it is the way that takes it. More than 1,024 a node
     * needs a session that allows them.
     */
    public CassandraSink<T> concurrency(int requests) {
        if (requests < 1) {
            throw new IllegalArgumentException("concurrency must be positive, got " + requests);
        }
        return with(new Options<>(
                options.writtenAt,
                options.nullsDelete,
                options.ttl,
                options.consistency,
                requests,
                options.batchBytes));
    }

    /**
     * The most bytes of rows that travel together, by default 5,000: servers warn from 5 KiB on and refuse above 50 KiB
     * unless set otherwise. A larger row travels alone; 0 sends every row alone.
     */
    public CassandraSink<T> batchBytes(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("batchBytes must not be negative, got " + bytes);
        }
        return with(new Options<>(
                options.writtenAt, options.nullsDelete, options.ttl, options.consistency, options.concurrency, bytes));
    }

    private CassandraSink<T> with(Options<T> changed) {
        return new CassandraSink<>(cassandra, table, mapping, changed);
    }

    /**
     * Connects, compares record and table, and prepares the insert.
     *
     * @throws IllegalArgumentException if the table does not exist or the record does not fit it
     * @throws dev.millrace.pipeline.spi.UnavailableException if no node can be reached
     */
    @Override
    public SinkWriter<T> open(StageContext context) {
        SharedSession.Lease lease = cassandra.lease();
        try {
            return open(lease);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    private SinkWriter<T> open(SharedSession.Lease lease) {
        CqlSession session = lease.session();
        TableMetadata metadata = table.describedBy(session);
        if (metadata.getColumns().values().stream()
                .anyMatch(column -> column.getType().equals(DataTypes.COUNTER))) {
            throw new IllegalArgumentException(
                    "table " + table + " has counters, which count twice when a write is made again");
        }
        Columns columns =
                mapping.fit(table, metadata, session.getContext().getCodecRegistry(), metadata.getPrimaryKey());
        RowEncoder<T> encoder =
                new RowEncoder<>(session.prepare(insert(columns)), columns, metadata, session, options.nullsDelete);
        ToLongFunction<PipelineRecord<T>> timestamps =
                options.writtenAt == null ? WriteTimestamps.ofRecords() : WriteTimestamps.of(options.writtenAt);
        RowWindow window = new RowWindow(
                options.concurrency,
                options.batchBytes,
                Replicas.of(session, table.keyspace()),
                new RowSender(session, options.consistency)::send,
                failure -> Failures.translate(failure, table));
        return new CassandraWriter<>(lease, encoder, timestamps, window);
    }

    private SimpleStatement insert(Columns columns) {
        return Cql.insert(table, columns.names(), options.ttl)
                .setIdempotent(true)
                .setConsistencyLevel(options.consistency);
    }

    @Override
    public String describe() {
        return "cassandra " + table;
    }

    @Override
    public String toString() {
        return describe();
    }
}
