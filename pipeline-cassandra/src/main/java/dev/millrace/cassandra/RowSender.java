package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sends rows as one request: a single one as it is, several as an unlogged batch. */
record RowSender(CqlSession session, @Nullable ConsistencyLevel consistency) {

    CompletionStage<AsyncResultSet> send(List<Row> rows) {
        return session.executeAsync(rows.size() == 1 ? rows.get(0).statement().get() : together(rows));
    }

    private Statement<?> together(List<Row> rows) {
        BatchStatementBuilder batch = BatchStatement.builder(DefaultBatchType.UNLOGGED)
                .setIdempotence(true)
                .setConsistencyLevel(consistency);
        rows.forEach(row -> batch.addStatement(row.statement().get()));
        return batch.build();
    }
}
