package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A sink's writer with one request at a time, of which the first waits until all are let through to the server. */
final class HeldRequests {

    private final Queue<List<Row>> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Object> letThrough = new CompletableFuture<>();

    <T> CassandraWriter<T> writer(CqlSession session, String table, Class<T> type, int batchBytes) {
        TableName name = TableName.parse(table);
        RowSender sender = new RowSender(session, null);
        RowWindow window = new RowWindow(
                1,
                batchBytes,
                Replicas.of(session, name.keyspace()),
                rows -> send(sender, rows),
                failure -> Failures.translate(failure, name));
        return new CassandraWriter<>(
                SharedSession.of(session).lease(),
                TestRows.encoder(session, table, type),
                WriteTimestamps.ofRecords(),
                window);
    }

    private CompletionStage<AsyncResultSet> send(RowSender sender, List<Row> rows) {
        requests.add(rows);
        return letThrough.thenCompose(now -> sender.send(rows)).thenApply(answer -> {
            warnings.addAll(answer.getExecutionInfo().getWarnings());
            return answer;
        });
    }

    void letThrough() {
        letThrough.complete("now");
    }

    /** The rows of each request so far. */
    List<List<Row>> requests() {
        return new ArrayList<>(requests);
    }

    /** What servers have said to them. */
    List<String> warnings() {
        return new ArrayList<>(warnings);
    }
}
