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
import java.util.concurrent.atomic.LongAdder;

/** Writes rows, so many requests at once; a request has a row, or some of one partition. */
final class CassandraOutput implements Output {

    private static final int WINDOW = 512;
    private static final int MOST_ROWS = 16;

    private final CassandraInserts inserts;
    private final boolean isGrouping;
    private final Semaphore window = new Semaphore(WINDOW);
    private final LongAdder done;

    CassandraOutput(Task task, boolean isGrouping, LongAdder done) {
        this.inserts = new CassandraInserts(task);
        this.isGrouping = isGrouping;
        this.done = done;
    }

    @Override
    public void write(List<EnrichedRating> rows, Chunk chunk) {
        if (!isGrouping) {
            rows.forEach(row -> send(inserts.bound(row), 1, chunk));
            return;
        }
        Map<String, List<BatchableStatement<?>>> groups = new HashMap<>();
        for (EnrichedRating row : rows) {
            List<BatchableStatement<?>> group = groups.computeIfAbsent(row.userName(), user -> new ArrayList<>());
            group.add(inserts.bound(row));
            if (group.size() == MOST_ROWS) {
                send(together(group), group.size(), chunk);
                groups.remove(row.userName());
            }
        }
        groups.values().forEach(group -> send(together(group), group.size(), chunk));
    }

    private static Statement<?> together(List<BatchableStatement<?>> group) {
        return group.size() == 1
                ? group.get(0)
                : BatchStatement.newInstance(DefaultBatchType.UNLOGGED, group).setIdempotent(true);
    }

    private void send(Statement<?> request, int rows, Chunk chunk) {
        window.acquireUninterruptibly();
        inserts.session().executeAsync(request).whenComplete((answer, failure) -> {
            window.release();
            if (failure == null) {
                done.add(rows);
                chunk.done(rows);
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
