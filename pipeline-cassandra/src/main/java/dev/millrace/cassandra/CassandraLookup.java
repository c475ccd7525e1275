package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.millrace.cache.internal.Answers;
import dev.millrace.cache.internal.CachingLookup;
import dev.millrace.cache.internal.Freshness;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.StageContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
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

    private static final Logger LOG = System.getLogger("dev.millrace.cassandra");

    private final Cassandra cassandra;
    private final TableName table;
    private final RecordMapping<V> mapping;
    private final LookupKey key;
    private final Options options;

    private record Options(
            Freshness freshness,
            @Nullable Duration timeout,
            @Nullable ConsistencyLevel consistency,
            boolean isPreloaded) {

        /** Whatever was said first. */
        void requireSense() {
            freshness.requireSense();
            if (isPreloaded && freshness.hits().isZero()) {
                throw new IllegalArgumentException("preloaded needs freshFor, or nothing is kept");
            }
        }

        SimpleStatement applied(SimpleStatement statement) {
            return statement.setIdempotent(true).setTimeout(timeout).setConsistencyLevel(consistency);
        }
    }

    CassandraLookup(Cassandra cassandra, TableName table, RecordMapping<V> mapping, LookupKey key) {
        this(cassandra, table, mapping, key, new Options(Freshness.NONE, null, null, false));
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
        return with(options.freshness.withHits(time));
    }

    /** Keeps the answer that there is no row for that long, other than {@link #freshFor}, which sets both. */
    public CassandraLookup<K, V> missesFreshFor(Duration time) {
        return with(options.freshness.withMisses(time));
    }

    /**
     * Reads an answer anew once it is that old and asked for again, while those who ask have the one that is kept: so
     * keys that are asked for often are never waited for. What such a read meets with is forgotten, and the answer kept
     * until it is no longer fresh. Must be shorter than {@link #freshFor}. Zero, the default, never does.
     */
    public CassandraLookup<K, V> refreshAfter(Duration time) {
        return with(options.freshness.withRefresh(time));
    }

    /**
     * While the cluster is unavailable, answers with what was read last, for that long after it ceased to be fresh.
     * Zero, the default, never does.
     */
    public CassandraLookup<K, V> staleFor(Duration time) {
        return with(options.freshness.withStale(time));
    }

    /** The most answers kept, by default 100,000; those used least go first. */
    public CassandraLookup<K, V> maxEntries(long entries) {
        return with(options.freshness.withMaxEntries(entries));
    }

    /**
     * Reads the table when it is opened, as if each of its keys had just been asked for, up to {@link #maxEntries}; of
     * a larger table the log says that not all is kept. Opening waits for it. Rows that come later are found when they
     * are asked for. Needs {@link #freshFor}.
     */
    public CassandraLookup<K, V> preloaded() {
        return with(new Options(options.freshness, options.timeout, options.consistency, true));
    }

    /** How long a read may take. By default the session's request timeout. */
    public CassandraLookup<K, V> timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, got " + timeout);
        }
        return with(new Options(options.freshness, timeout, options.consistency, options.isPreloaded));
    }

    /** How many replicas are asked. By default the session's, which is LOCAL_ONE. */
    public CassandraLookup<K, V> consistency(ConsistencyLevel consistency) {
        Objects.requireNonNull(consistency, "consistency");
        return with(new Options(options.freshness, options.timeout, consistency, options.isPreloaded));
    }

    private CassandraLookup<K, V> with(Freshness freshness) {
        return with(new Options(freshness, options.timeout, options.consistency, options.isPreloaded));
    }

    private CassandraLookup<K, V> with(Options changed) {
        return new CassandraLookup<>(cassandra, table, mapping, key, changed);
    }

    /**
     * Connects, compares record, key and table, and prepares the query.
     *
     * @throws IllegalArgumentException if the table does not exist, the record or the key does not fit it, or options
     *     do not fit each other
     * @throws dev.millrace.pipeline.spi.UnavailableException if no node can be reached
     */
    @Override
    public Lookup<K, V> open(StageContext context) {
        options.requireSense();
        SharedSession.Lease lease = cassandra.lease();
        try {
            CqlSession session = lease.session();
            TableMetadata metadata = table.describedBy(session);
            Columns columns = mapping.fit(table, metadata, session.getContext().getCodecRegistry(), List.of());
            KeyEncoder keys = key.fit(table, metadata, session);
            RowDecoder<V> decoder = new RowDecoder<>(mapping.type(), columns);
            Answers<List<ByteBuffer>, V> answers = new Answers<>(options.freshness, context::nanoTime);
            if (options.isPreloaded) {
                preload(
                        TableScan.of(session, table, metadata, keys.columns(), decoder, options::applied),
                        answers,
                        context);
            }
            PreparedStatement select =
                    session.prepare(options.applied(Cql.select(table, columns.names(), keys.columns())));
            RowReader<V> reader = new RowReader<>(session, select, decoder);
            return new TableLookup<>(lease, keys, new CachingLookup<>(reader::read, answers));
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    private void preload(TableScan<V> scan, Answers<List<ByteBuffer>, V> answers, StageContext context) {
        long most = options.freshness.maxEntries();
        if (!scan.keepIn(answers, most)) {
            LOG.log(
                    Level.WARNING,
                    "[{0}|{1}] table {2} holds more rows than the {3} that maxEntries allows to keep: the others are"
                            + " read when they are asked for",
                    context.pipeline(),
                    context.stage(),
                    table,
                    most);
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
