package dev.millrace.cache.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.millrace.pipeline.spi.CacheStats;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers to keys, for as long as they are worth keeping. Thread-safe.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
public final class Answers<K, V> {

    private final @Nullable Cache<K, Answer<V>> fresh;
    private final @Nullable Cache<K, Answer<V>> stale;
    private final Ticker ticker;
    private final long refreshNanos;

    /**
     * What was read.
     *
     * @param value empty where there is none
     * @param readAt by the clock of the stage
     */
    record Answer<V>(Optional<V> value, long readAt) {}

    /** With a clock, in nanoseconds. */
    public Answers(Freshness freshness, LongSupplier clock) {
        Ticker ticker = clock::getAsLong;
        this.ticker = ticker;
        this.refreshNanos = TimeUnit.NANOSECONDS.convert(freshness.refresh());
        fresh = freshness.longest().isZero()
                ? null
                : builder(freshness, ticker)
                        .recordStats()
                        .expireAfter(Expiry.<K, Answer<V>>writing(
                                (key, answer) -> answer.value().isPresent() ? freshness.hits() : freshness.misses()))
                        .build();
        stale = freshness.stale().isZero()
                ? null
                : builder(freshness, ticker)
                        .expireAfter(Expiry.<K, Answer<V>>writing((key, answer) -> freshness
                                .stale()
                                .plus(answer.value().isPresent() ? freshness.hits() : freshness.misses())))
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
    Answer<V> fresh(K key) {
        return fresh == null ? null : fresh.getIfPresent(key);
    }

    /** As {@link #fresh}, but not counted. */
    @Nullable
    Answer<V> quietly(K key) {
        return fresh == null ? null : fresh.policy().getIfPresentQuietly(key);
    }

    /** Whether an answer that is fresh is old enough to be read anew. */
    boolean isToBeRefreshed(Answer<V> answer) {
        return refreshNanos > 0 && ticker.read() - answer.readAt >= refreshNanos;
    }

    /** The answer, if it will do while what is asked is unavailable. */
    @Nullable
    Optional<V> stale(K key) {
        Answer<V> old = stale == null ? null : stale.getIfPresent(key);
        return old == null ? null : old.value;
    }

    /** Keeps an answer, as of now. */
    public void keep(K key, Optional<V> value) {
        Answer<V> answer = new Answer<>(value, ticker.read());
        if (fresh != null) {
            fresh.put(key, answer);
        }
        if (stale != null) {
            stale.put(key, answer);
        }
    }
}
