package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.StageContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers with the row of a table that has the key; made by {@link CassandraTable#keyedBy(String)}. By default every
 * answer is read anew, save that those who ask for a key at the same time share one read; {@link #freshFor} keeps
 * answers in memory.
 *
 * <p>When opened, the lookup compares the record with the table and fails with all that does not fit. A {@code null}
 * key, or one with {@code null} in it, has no answer. A row that the record cannot be, such as one with a null for an
 * {@code int}, is a failure of the record that asked; a cluster that cannot be reached, times out or is overloaded is
 * reported as unavailable.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
public final class CassandraLookup<K, V> implements Enricher<K, V> {

    private final Cassandra cassandra;
    private final TableName table;
    private final RecordMapping<V> mapping;
    private final LookupKey key;
    private final Options options;

    private record Options(
            Freshness freshness,
            @Nullable Duration timeout,
            @Nullable ConsistencyLevel consistency) {}

    CassandraLookup(Cassandra cassandra, TableName table, RecordMapping<V> mapping, LookupKey key) {
        this(cassandra, table, mapping, key, new Options(Freshness.ALWAYS_READ, null, null));
    }

    private CassandraLookup(
            Cassandra cassandra, TableName table, RecordMapping<V> mapping, LookupKey key, Options options) {
        this.cassandra = cassandra;
        this.table = table;
        this.mapping = mapping;
        this.key = key;
        this.options = options;
    }

    /** Keeps an answer, also that there is none, for that long after it was read. Zero, the default, keeps nothing. */
    public CassandraLookup<K, V> freshFor(Duration time) {
        Freshness old = options.freshness;
        return with(new Freshness(notNegative("freshFor", time), time, old.stale(), old.maxEntries()));
    }

    /** Keeps the answer that there is no row for that long, other than {@link #freshFor}, which sets both. */
    public CassandraLookup<K, V> missesFreshFor(Duration time) {
        Freshness old = options.freshness;
        return with(new Freshness(old.hits(), notNegative("missesFreshFor", time), old.stale(), old.maxEntries()));
    }

    /**
     * While the cluster is unavailable, answers with what was read last, for that long after it ceased to be fresh.
     * Zero, the default, never does.
     */
    public CassandraLookup<K, V> staleFor(Duration time) {
        Freshness old = options.freshness;
        return with(new Freshness(old.hits(), old.misses(), notNegative("staleFor", time), old.maxEntries()));
    }

    /** The most answers kept, by default 100,000; those used least go first. */
    public CassandraLookup<K, V> maxEntries(long entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("maxEntries must be positive, got " + entries);
        }
        Freshness old = options.freshness;
        return with(new Freshness(old.hits(), old.misses(), old.stale(), entries));
    }

    /** How long a read may take. By default the session's request timeout. */
    public CassandraLookup<K, V> timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, got " + timeout);
        }
        return with(new Options(options.freshness, timeout, options.consistency));
    }

    /** How many replicas are asked. By default the session's, which is LOCAL_ONE. */
    public CassandraLookup<K, V> consistency(ConsistencyLevel consistency) {
        return with(
                new Options(options.freshness, options.timeout, Objects.requireNonNull(consistency, "consistency")));
    }

    private static Duration notNegative(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, got " + time);
        }
        return time;
    }

    private CassandraLookup<K, V> with(Freshness freshness) {
        return with(new Options(freshness, options.timeout, options.consistency));
    }

    private CassandraLookup<K, V> with(Options changed) {
        return new CassandraLookup<>(cassandra, table, mapping, key, changed);
    }

    /**
     * Connects, compares record, key and table, and prepares the query.
     *
     * @throws IllegalArgumentException if the table does not exist, or the record or the key does not fit it
     * @throws dev.millrace.pipeline.spi.UnavailableException if no node can be reached
     */
    @Override
    public Lookup<K, V> open(StageContext context) {
        SharedSession.Lease lease = cassandra.lease();
        try {
            CqlSession session = lease.session();
            TableMetadata metadata = table.describedBy(session);
            Columns columns = mapping.fit(table, metadata, session.getContext().getCodecRegistry(), List.of());
            KeyEncoder keys = key.fit(table, metadata, session);
            PreparedStatement select = session.prepare(Cql.select(table, columns.names(), keys.columns())
                    .setIdempotent(true)
                    .setTimeout(options.timeout)
                    .setConsistencyLevel(options.consistency));
            RowReader<V> reader = new RowReader<>(session, select, new RowDecoder<>(mapping.type(), columns));
            return new TableLookup<>(lease, keys, reader, new Answers<>(options.freshness, context::nanoTime));
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
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
