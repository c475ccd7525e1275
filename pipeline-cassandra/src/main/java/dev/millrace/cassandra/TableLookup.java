package dev.millrace.cassandra;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.UnavailableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Looks rows up by key. Those who ask for a key while it is being read share the answer, or the failure; an answer is
 * kept for as long as it counts as fresh, a failure not at all.
 */
final class TableLookup<K, V> implements Lookup<K, V> {

    private final SharedSession.Lease session;
    private final KeyEncoder keys;
    private final RowReader<V> reader;
    private final AsyncCache<List<ByteBuffer>, Optional<V>> answers;
    /**
     * What was found last, for as long as it will do while the cluster is unavailable; {@code null} if it never does.
     */
    private final @Nullable Cache<List<ByteBuffer>, Optional<V>> lastFound;

    TableLookup(SharedSession.Lease session, KeyEncoder keys, RowReader<V> reader, Freshness freshness, Ticker ticker) {
        this.session = session;
        this.keys = keys;
        this.reader = reader;
        this.answers = cache(freshness, ticker)
                .expireAfter(Expiry.<List<ByteBuffer>, Optional<V>>creating(
                        (key, answer) -> answer.isPresent() ? freshness.hits() : freshness.misses()))
                .buildAsync();
        this.lastFound = freshness.stale().isZero()
                ? null
                : cache(freshness, ticker)
                        .expireAfterWrite(freshness.longest().plus(freshness.stale()))
                        .build();
    }

    private static Caffeine<Object, Object> cache(Freshness freshness, Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(freshness.maxEntries())
                .ticker(ticker)
                .executor(Runnable::run);
    }

    @Override
    public CompletionStage<Optional<V>> find(K key) {
        List<ByteBuffer> columns = key == null ? null : keys.encode(key);
        if (columns == null || columns.size() == 1 && !columns.get(0).hasRemaining()) {
            return CompletableFuture.completedStage(Optional.empty()); // the server refuses to look for such a key
        }
        CompletableFuture<Optional<V>> answer = new CompletableFuture<>();
        CompletableFuture<Optional<V>> known = answers.asMap().putIfAbsent(columns, answer);
        if (known == null) {
            read(columns, answer);
            known = answer;
        }
        return known.minimalCompletionStage();
    }

    private void read(List<ByteBuffer> key, CompletableFuture<Optional<V>> answer) {
        reader.read(key).whenComplete((found, failure) -> {
            if (failure == null) {
                if (lastFound != null) {
                    lastFound.put(key, found);
                }
                answer.complete(found);
                return;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            Optional<V> old =
                    cause instanceof UnavailableException && lastFound != null ? lastFound.getIfPresent(key) : null;
            if (old == null) {
                answer.completeExceptionally(cause);
            } else {
                // Not to be taken for a fresh answer: the next to ask tries again.
                answers.asMap().remove(key, answer);
                answer.complete(old);
            }
        });
    }

    @Override
    public void close() {
        session.close();
    }
}
