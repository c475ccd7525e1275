package dev.millrace.cache;

import dev.millrace.cache.internal.Answers;
import dev.millrace.cache.internal.CachingLookup;
import dev.millrace.cache.internal.Freshness;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.StageContext;
import java.time.Duration;
import java.util.Objects;

/**
 * Remembers the answers of another enricher:
 *
 * <pre>{@code
 * .enrich(Cached.of(Http.lookup(Customer::uri, Customer::of)).freshFor(Duration.ofMinutes(5)), Order::customer, Bill::of)
 * }</pre>
 *
 * <p>Those who ask for a key at the same time share one call, and its answer or failure; with no more said than
 * {@link #of}, that is all. Failures are not kept. A call that never ends keeps all waiting that ask for its key, so
 * the other enricher should have a limit of its own for how long it takes. Tables that are in memory as it is, such as
 * those of files, are asked directly. Tables of Cassandra have the same options themselves.
 *
 * <p>Keys are compared by {@code equals}; an array has none, and is never found again. What is kept is counted by the
 * stage's statistics and meters, is shared by all its workers, and ends with the pipeline. Immutable and thread-safe;
 * each method returns a changed copy.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
public final class Cached<K, V> implements Enricher<K, V> {

    private final Enricher<K, V> enricher;
    private final Freshness freshness;

    private Cached(Enricher<K, V> enricher, Freshness freshness) {
        this.enricher = enricher;
        this.freshness = freshness;
    }

    /** Keeps nothing, until it is said for how long. */
    public static <K, V> Cached<K, V> of(Enricher<K, V> enricher) {
        return new Cached<>(Objects.requireNonNull(enricher, "enricher"), Freshness.NONE);
    }

    /** Keeps an answer, also that there is none, for that long after it came. Zero, the default, keeps nothing. */
    public Cached<K, V> freshFor(Duration time) {
        return new Cached<>(enricher, freshness.withHits(time));
    }

    /** Keeps the answer that there is none for that long, other than {@link #freshFor}, which sets both. */
    public Cached<K, V> missesFreshFor(Duration time) {
        return new Cached<>(enricher, freshness.withMisses(time));
    }

    /**
     * Asks anew once an answer is that old and asked for again, while those who ask have the one that is kept: so keys
     * that are asked for often are never waited for. What such a call meets with is forgotten, and the answer kept
     * until it is no longer fresh. Must be shorter than {@link #freshFor}, or the pipeline does not start. Zero, the
     * default, never does.
     */
    public Cached<K, V> refreshAfter(Duration time) {
        return new Cached<>(enricher, freshness.withRefresh(time));
    }

    /**
     * While the other enricher says that it is {@linkplain dev.millrace.pipeline.spi.UnavailableException unavailable},
     * answers with what was read last, for that long after it ceased to be fresh. Zero, the default, never does.
     */
    public Cached<K, V> staleFor(Duration time) {
        return new Cached<>(enricher, freshness.withStale(time));
    }

    /** The most answers kept, by default 100,000; those used least go first. */
    public Cached<K, V> maxEntries(long entries) {
        return new Cached<>(enricher, freshness.withMaxEntries(entries));
    }

    @Override
    public Lookup<K, V> open(StageContext context) throws Exception {
        freshness.requireSense();
        Lookup<K, V> lookup = enricher.open(context);
        return lookup instanceof LocalLookup<K, V>
                ? lookup
                : new CachingLookup<>(lookup, new Answers<>(freshness, context::nanoTime));
    }

    @Override
    public String describe() {
        return enricher.describe();
    }

    @Override
    public String toString() {
        return "Cached[" + describe() + "]";
    }
}
