package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The states of one stage, in a table. */
final class StoredStates implements StateTable {

    private static final int CONCURRENCY = 64;

    private final SharedSession.Lease lease;
    private final TableName table;
    private final StageContext context;
    private final PreparedStatement select;
    private final StateRows rows;
    private final RowWindow window;
    private final Optional<UUID> id;

    private StoredStates(
            SharedSession.Lease lease,
            TableName table,
            ConsistencyLevel consistency,
            StageContext context,
            PreparedStatement select,
            StateRows rows,
            Optional<UUID> id) {
        this.lease = lease;
        this.table = table;
        this.context = context;
        this.select = select;
        this.rows = rows;
        this.id = id;
        this.window = new RowWindow(
                CONCURRENCY,
                CassandraSink.DEFAULT_BATCH_BYTES,
                Replicas.of(lease.session(), table.keyspace()),
                new RowSender(lease.session(), consistency)::send,
                failure -> Failures.translate(failure, table));
    }

    static StoredStates of(
            SharedSession.Lease lease,
            TableName table,
            ConsistencyLevel consistency,
            StageContext context,
            Optional<UUID> id) {
        CqlSession session = lease.session();
        List<CqlIdentifier> columns = new ArrayList<>(StateColumns.place());
        columns.addAll(StateColumns.row());
        PreparedStatement insert = session.prepare(
                Cql.insert(table, columns, null).setIdempotent(true).setConsistencyLevel(consistency));
        PreparedStatement select = session.prepare(Cql.selectAll(table, StateColumns.row(), StateColumns.place())
                .setIdempotent(true)
                .setConsistencyLevel(consistency));
        return new StoredStates(
                lease,
                table,
                consistency,
                context,
                select,
                new StateRows(insert, table, context.pipeline(), context.stage()),
                id);
    }

    @Override
    public CompletionStage<List<KeptState>> load(String partition) {
        requireSameTable();
        rows.begins(partition);
        BoundStatement statement = select.bind(context.pipeline(), context.stage(), partition);
        List<KeptState> states = new ArrayList<>();
        return lease.session()
                .executeAsync(statement)
                .thenCompose(page -> readAll(partition, page, states))
                .handle((nothing, failure) -> {
                    if (failure != null) {
                        throw new CompletionException(translated(Failures.translate(failure, table)));
                    }
                    return states;
                });
    }

    private CompletionStage<?> readAll(String partition, AsyncResultSet page, List<KeptState> states) {
        page.currentPage().forEach(row -> states.add(rows.decode(partition, row)));
        return page.hasMorePages()
                ? page.fetchNextPage().thenCompose(next -> readAll(partition, next, states))
                : CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
        requireSameTable();
        int count = changed.values().stream().mapToInt(List::size).sum();
        PendingWrite write = new PendingWrite(count);
        List<Row> encoded = new ArrayList<>(count);
        changed.forEach((partition, states) ->
                states.forEach(state -> encoded.add(rows.encode(write, encoded.size(), partition, state))));
        window.submit(encoded);
        return write.result().thenAccept(this::requireWritten);
    }

    /**
     * The server takes rows for a table that has another's place, of which the driver hears within a second or so.
     * Where it hears of no tables at all, it still has the first.
     */
    private void requireSameTable() {
        Optional<UUID> now = table.find(lease.session()).flatMap(TableMetadata::getId);
        if (id.isPresent() && now.isPresent() && !now.equals(id)) {
            throw new StageFailedException("table " + table + " was dropped and created again while the pipeline ran; "
                    + "the states it kept are gone");
        }
    }

    /** What waiting does not mend is told first. */
    private void requireWritten(WriteResult result) {
        result.failures().values().stream()
                .map(this::translated)
                .reduce((one, other) -> one instanceof UnavailableException ? other : one)
                .ifPresent(failure -> {
                    throw new CompletionException(failure);
                });
    }

    /** States that were kept are gone with their table, where rows that are still to be written could wait for it. */
    private Throwable translated(Throwable failure) {
        return failure instanceof TableChangedException && !(failure.getCause() instanceof UnauthorizedException)
                ? new StageFailedException(failure.getMessage() + "; the states it kept may be gone", failure)
                : failure;
    }

    @Override
    public void close() {
        lease.close();
    }
}
