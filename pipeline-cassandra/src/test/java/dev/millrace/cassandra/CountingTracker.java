package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.tracker.RequestTracker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Notes the statements that a session sent and had answered. */
final class CountingTracker implements RequestTracker {

    private final Queue<String> statements = new ConcurrentLinkedQueue<>();

    /** How many concerned a table. */
    long of(String table) {
        String quoted = TableName.parse(table).asCql() + " ";
        return statements.stream().filter(cql -> (cql + " ").contains(quoted)).count();
    }

    /** Waits until so many have, since an answer comes before it is noted, and expects no more. */
    void awaitOf(String table, long count) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (of(table) < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(of(table)).isEqualTo(count);
    }

    @Override
    public void onSuccess(
            Request request, long latencyNanos, DriverExecutionProfile profile, Node node, String requestLogPrefix) {
        if (request instanceof BoundStatement statement) {
            statements.add(statement.getPreparedStatement().getQuery());
        }
    }

    @Override
    public void close() {}
}
