package dev.millrace.cassandra;

import java.time.Duration;

/**
 * How long answers are kept.
 *
 * @param hits how long a row counts as fresh
 * @param misses how long it counts as fresh that there is none
 * @param stale how much longer an answer will do while the cluster is unavailable
 * @param maxEntries the most answers kept
 */
record Freshness(Duration hits, Duration misses, Duration stale, long maxEntries) {

    private static final long DEFAULT_ENTRIES = 100_000;

    static final Freshness ALWAYS_READ = new Freshness(Duration.ZERO, Duration.ZERO, Duration.ZERO, DEFAULT_ENTRIES);

    Duration longest() {
        return hits.compareTo(misses) > 0 ? hits : misses;
    }
}
