package dev.millrace.benchmarks.handwritten;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Writes rows, so many requests at once; a request has a row, or some of one partition. */
final class CassandraOutput implements Output {

    private static final int MOST_ROWS = 16;

    private final CassandraInserts inserts;
    private final boolean isGrouping;
    private final Semaphore window;
    private final Consumer<List<EnrichedRating>> written;

    /**
     * Connects.
     *
     * @param window how many requests may be under way at once
     * @param written is told of rows that are written
     */
    CassandraOutput(Task task, boolean isGrouping, int window, Consumer<List<EnrichedRating>> written) {
        this.inserts = new CassandraInserts(task);
        this.isGrouping = isGrouping;
        this.window = new Semaphore(window);
        this.written = written;
    }

    @Override
    public void write(List<EnrichedRating> rows, Chunk chunk) {
        if (!isGrouping) {
            rows.forEach(row -> send(List.of(row), chunk));
            return;
        }
        Map<String, List<EnrichedRating>> groups = new HashMap<>();
        for (EnrichedRating row : rows) {
            List<EnrichedRating> group = groups.computeIfAbsent(row.userName(), user -> new ArrayList<>());
            group.add(row);
            if (group.size() == MOST_ROWS) {
                send(group, chunk);
                groups.remove(row.userName());
            }
        }
        groups.values().forEach(group -> send(group, chunk));
    }

    private void send(List<EnrichedRating> rows, Chunk chunk) {
        Statement<?> request = rows.size() == 1
                ? inserts.bound(rows.get(0))
                : BatchStatement.newInstance(
                                DefaultBatchType.UNLOGGED,
                                rows.stream()
                                        .<BatchableStatement<?>>map(inserts::bound)
                                        .toList())
                        .setIdempotent(true);
        window.acquireUninterruptibly();
        inserts.session().executeAsync(request).whenComplete((answer, failure) -> {
            window.release();
            if (failure == null) {
                written.accept(rows);
                chunk.done(rows.size());
            } else {
                chunk.failed(failure);
            }
        });
    }

    @Override
    public void close() {
        inserts.close();
    }
}
