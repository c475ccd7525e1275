package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.UnavailableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks rows up by key. Those who ask for a key while it is being read share the answer, or the failure; an answer is
 * kept for as long as it counts as fresh, a failure not at all. (Caffeine's asynchronous cache would do the same, but
 * logs failures, and they can hold payload.)
 */
final class TableLookup<K, V> implements Lookup<K, V> {

    private final SharedSession.Lease session;
    private final KeyEncoder keys;
    private final RowReader<V> reader;
    private final Map<List<ByteBuffer>, CompletableFuture<Optional<V>>> reading = new ConcurrentHashMap<>();
    private final Answers<V> answers;

    TableLookup(SharedSession.Lease session, KeyEncoder keys, RowReader<V> reader, Answers<V> answers) {
        this.session = session;
        this.keys = keys;
        this.reader = reader;
        this.answers = answers;
    }

    @Override
    public CompletionStage<Optional<V>> find(K key) {
        List<ByteBuffer> columns = key == null ? null : keys.encode(key);
        if (columns == null || columns.size() == 1 && !columns.get(0).hasRemaining()) {
            return CompletableFuture.completedStage(Optional.empty()); // the server refuses to look for such a key
        }
        Optional<V> fresh = answers.fresh(columns);
        if (fresh != null) {
            return CompletableFuture.completedStage(fresh);
        }
        CompletableFuture<Optional<V>> answer = new CompletableFuture<>();
        CompletableFuture<Optional<V>> shared = reading.putIfAbsent(columns, answer);
        if (shared != null) {
            return shared.minimalCompletionStage();
        }
        reader.read(columns).whenComplete((found, failure) -> {
            if (failure == null) {
                answers.keep(columns, found);
            }
            reading.remove(columns);
            finish(columns, answer, found, failure);
        });
        return answer.minimalCompletionStage();
    }

    private void finish(
            List<ByteBuffer> key,
            CompletableFuture<Optional<V>> answer,
            @Nullable Optional<V> found,
            @Nullable Throwable failure) {
        if (found != null) {
            answer.complete(found);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        Optional<V> old = cause instanceof UnavailableException ? answers.stale(key) : null;
        if (old != null) {
            answer.complete(old);
        } else {
            answer.completeExceptionally(cause == null ? new IllegalStateException("no answer and no failure") : cause);
        }
    }

    @Override
    public Optional<CacheStats> cache() {
        return answers.stats();
    }

    @Override
    public void close() {
        session.close();
    }
}
