package dev.millrace.cassandra;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millrace.pipeline.spi.CacheStats;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The answers to keys, for as long as they are worth keeping. Thread-safe. */
final class Answers<V> {

    private final @Nullable Cache<List<ByteBuffer>, Optional<V>> fresh;
    private final @Nullable Cache<List<ByteBuffer>, Optional<V>> stale;

    Answers(Freshness freshness, Ticker ticker) {
        fresh = freshness.longest().isZero()
                ? null
                : builder(freshness, ticker)
                        .recordStats()
                        .expireAfter(Expiry.<List<ByteBuffer>, Optional<V>>writing(
                                (key, answer) -> answer.isPresent() ? freshness.hits() : freshness.misses()))
                        .build();
        stale = freshness.stale().isZero()
                ? null
                : builder(freshness, ticker)
                        .expireAfter(Expiry.<List<ByteBuffer>, Optional<V>>writing((key, answer) ->
                                freshness.stale().plus(answer.isPresent() ? freshness.hits() : freshness.misses())))
                        .build();
    }

    private static Caffeine<Object, Object> builder(Freshness freshness, Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(freshness.maxEntries())
                .ticker(ticker)
                .executor(Runnable::run);
    }

    /** How the answers that count as fresh fare; empty where none are kept. */
    Optional<CacheStats> stats() {
        if (fresh == null) {
            return Optional.empty();
        }
        com.github.benmanes.caffeine.cache.stats.CacheStats counts = fresh.stats();
        return Optional.of(new CacheStats(counts.hitCount(), counts.missCount(), fresh.estimatedSize()));
    }

    /** The answer, if it counts as fresh. */
    @Nullable
    Optional<V> fresh(List<ByteBuffer> key) {
        return fresh == null ? null : fresh.getIfPresent(key);
    }

    /** The answer, if it will do while the cluster is unavailable. */
    @Nullable
    Optional<V> stale(List<ByteBuffer> key) {
        return stale == null ? null : stale.getIfPresent(key);
    }

    void keep(List<ByteBuffer> key, Optional<V> answer) {
        if (fresh != null) {
            fresh.put(key, answer);
        }
        if (stale != null) {
            stale.put(key, answer);
        }
    }
}
