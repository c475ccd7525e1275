package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * One batch of the engine on its way: several requests, whose rows succeed or fail together. A request that the server
 * refuses is halved and sent again, until it has gone through or the row to blame stands alone.
 */
final class PendingWrite {

    private final RequestWindow<Statement<?>, AsyncResultSet> window;
    private final UnaryOperator<BatchStatement> batchOptions;
    private final Map<Integer, Throwable> failures = new ConcurrentHashMap<>();
    private final CompletableFuture<WriteResult> result = new CompletableFuture<>();

    /** Requests without an answer, and one for {@link #sent}. */
    private final AtomicInteger open = new AtomicInteger(1);

    PendingWrite(RequestWindow<Statement<?>, AsyncResultSet> window, UnaryOperator<BatchStatement> batchOptions) {
        this.window = window;
        this.batchOptions = batchOptions;
    }

    void refuse(int index, Throwable reason) {
        failures.put(index, reason);
    }

    void send(List<Row> rows) {
        open.incrementAndGet();
        window.submit(statement(rows), (answer, failure) -> {
            if (failure != null) {
                fail(rows, failure);
            }
            finishOne();
        });
    }

    /** All has been given to {@link #send} and {@link #refuse}. */
    CompletionStage<WriteResult> sent() {
        finishOne();
        return result;
    }

    private Statement<?> statement(List<Row> rows) {
        return rows.size() == 1
                ? rows.get(0).statement()
                : batchOptions.apply(BatchStatement.newInstance(
                        DefaultBatchType.UNLOGGED,
                        rows.stream().<BatchableStatement<?>>map(Row::statement).toList()));
    }

    private void fail(List<Row> rows, Throwable failure) {
        if (rows.size() > 1 && !(failure instanceof UnavailableException)) {
            send(rows.subList(0, rows.size() / 2));
            send(rows.subList(rows.size() / 2, rows.size()));
        } else {
            rows.forEach(row -> failures.put(row.index(), failure));
        }
    }

    private void finishOne() {
        if (open.decrementAndGet() == 0) {
            result.complete(WriteResult.failed(failures));
        }
    }
}
