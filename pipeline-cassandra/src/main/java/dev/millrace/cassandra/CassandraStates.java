package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Objects;

/**
 * Keeps the states of aggregates in a table; made by {@link Cassandra#states}. One table serves any number of pipelines
 * and stages:
 *
 * <pre>{@code
 * CREATE TABLE service.states (
 *     pipeline text,
 *     stage text,
 *     partition text,
 *     key blob,
 *     position bigint,
 *     state blob,
 *     PRIMARY KEY ((pipeline, stage, partition), key))
 * }</pre>
 *
 * <p>A partition of the source is a partition of the table, with a row for each key: good for some hundred thousand
 * keys. {@code state} begins with eight bytes of this store's own.
 *
 * <p><b>Which state stays.</b> The write timestamp of a row is 2<sup>62</sup> and the offset of its state, so that of
 * two states of a key the one with the higher offset stays, in whichever order they arrive and whoever wrote them. Of
 * two with the same offset, which the engine writes where one record makes several values of a key, Cassandra keeps the
 * greater value: the eight bytes count up with each state that is written, and begin above all that were found when the
 * partition was loaded, and not below the time of that. So the later one stays; and where an instance that no longer
 * has the partition goes on writing, that of the instance which has loaded it since, as long as clocks differ by less
 * than the time between the two loads. Timestamps are far in the future: a server whose
 * {@code maximum_timestamp_fail_threshold} is set refuses them, and the pipeline ends in FAILED.
 *
 * <p><b>To begin anew</b>, name the stage otherwise, or truncate or drop the table while nothing uses it. A
 * {@code DELETE} does nothing, since its timestamp, the time of day, lies below those of the rows; were it the other
 * way round, it would hide all that is written after it. A table whose rows expire by default is refused.
 *
 * <p><b>Consistency.</b> Rows are written and read with LOCAL_QUORUM, whatever the session's default is, so that what
 * was acknowledged is found while a minority of replicas is down; {@link #consistency} changes that. A pipeline that
 * may go on in another data centre needs QUORUM or EACH_QUORUM: what LOCAL_QUORUM has acknowledged may not have reached
 * that one.
 *
 * <p><b>Where it goes wrong.</b> A cluster that cannot be reached, times out or is overloaded is waited for, and so is
 * a right to the table that was withdrawn. A save that fails may have written a part of its rows, and is made again. A
 * table that is dropped, or dropped and created again, or changed while the pipeline runs ends it in FAILED: what was
 * kept may be gone, and what is saved from then on would not be all. Of one that is created again within a second of
 * the drop that may take one save more. One that is truncated, or whose rows are deleted, cannot be told from one that
 * was not: do neither while a pipeline runs.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 */
public final class CassandraStates implements StateStore {

    private final Cassandra cassandra;
    private final TableName table;
    private final ConsistencyLevel consistency;

    CassandraStates(Cassandra cassandra, TableName table) {
        this(cassandra, table, DefaultConsistencyLevel.LOCAL_QUORUM);
    }

    private CassandraStates(Cassandra cassandra, TableName table, ConsistencyLevel consistency) {
        this.cassandra = cassandra;
        this.table = table;
        this.consistency = consistency;
    }

    /**
     * How many replicas must have a state before it counts as saved, and how many are asked when states are loaded. By
     * default LOCAL_QUORUM; below that, states that were saved may be missing from what is loaded.
     */
    public CassandraStates consistency(ConsistencyLevel consistency) {
        return new CassandraStates(cassandra, table, Objects.requireNonNull(consistency, "consistency"));
    }

    /**
     * Connects, looks whether the table can keep states, and prepares the statements.
     *
     * @throws IllegalArgumentException if the table does not exist or has other columns
     * @throws UnavailableException if no node can be reached
     */
    @Override
    public StateTable open(StageContext context) {
        SharedSession.Lease lease = cassandra.lease();
        try {
            CqlSession session = lease.session();
            TableMetadata description = table.describedBy(session);
            StateColumns.check(table, description);
            return StoredStates.of(lease, table, consistency, context, description.getId());
        } catch (DriverTimeoutException e) {
            lease.close();
            throw new UnavailableException("Cassandra is not available: " + Failures.brief(e), e);
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
