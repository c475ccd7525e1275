package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Reads the row of a key. Thread-safe. */
record RowReader<V>(CqlSession session, PreparedStatement select, RowDecoder<V> decoder) {

    /** Fails as {@link Failures#translate} says. */
    CompletionStage<Optional<V>> read(List<ByteBuffer> key) {
        return send(key).handle((row, failure) -> {
            if (failure != null) {
                throw new CompletionException(
                        Failures.translate(failure, decoder.columns().table()));
            }
            return row.map(decoder::decode);
        });
    }

    private CompletionStage<Optional<Row>> send(List<ByteBuffer> key) {
        try {
            BoundStatementBuilder statement = select.boundStatementBuilder();
            for (int i = 0; i < key.size(); i++) {
                statement.setBytesUnsafe(i, key.get(i).duplicate());
            }
            return session.executeAsync(statement.build()).thenApply(found -> Optional.ofNullable(found.one()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}
