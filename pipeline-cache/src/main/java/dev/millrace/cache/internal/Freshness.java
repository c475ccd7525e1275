package dev.millrace.cache.internal;

import java.time.Duration;

/**
 * How long answers are kept.
 *
 * @param hits how long an answer counts as fresh
 * @param misses how long it counts as fresh that there is none
 * @param refresh after how long an answer that is asked for is read anew beside; zero for never
 * @param stale how much longer an answer will do while what is asked is unavailable
 * @param maxEntries the most answers kept
 */
public record Freshness(Duration hits, Duration misses, Duration refresh, Duration stale, long maxEntries) {

    private static final long DEFAULT_ENTRIES = 100_000;

    /** Keeps nothing. */
    public static final Freshness NONE =
            new Freshness(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, DEFAULT_ENTRIES);

    /** Checks each by itself. */
    public Freshness {
        requireNotNegative("freshFor", hits);
        requireNotNegative("missesFreshFor", misses);
        requireNotNegative("refreshAfter", refresh);
        requireNotNegative("staleFor", stale);
        if (maxEntries < 1) {
            throw new IllegalArgumentException("maxEntries must be positive, got " + maxEntries);
        }
    }

    private static void requireNotNegative(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, got " + time);
        }
    }

    /** With that time for both kinds of answers. */
    public Freshness withHits(Duration time) {
        return new Freshness(time, time, refresh, stale, maxEntries);
    }

    /** With that time for the answer that there is none. */
    public Freshness withMisses(Duration time) {
        return new Freshness(hits, time, refresh, stale, maxEntries);
    }

    /** With that time until an answer is read anew. */
    public Freshness withRefresh(Duration time) {
        return new Freshness(hits, misses, time, stale, maxEntries);
    }

    /** With that time beyond the others. */
    public Freshness withStale(Duration time) {
        return new Freshness(hits, misses, refresh, time, maxEntries);
    }

    /** With so many answers at most. */
    public Freshness withMaxEntries(long entries) {
        return new Freshness(hits, misses, refresh, stale, entries);
    }

    /** Checks what was said in any order. */
    public void requireSense() {
        if (!refresh.isZero() && refresh.compareTo(longest()) >= 0) {
            throw new IllegalArgumentException(
                    "refreshAfter must be shorter than freshFor, which is " + longest() + ", got " + refresh);
        }
    }

    Duration longest() {
        return hits.compareTo(misses) > 0 ? hits : misses;
    }
}
