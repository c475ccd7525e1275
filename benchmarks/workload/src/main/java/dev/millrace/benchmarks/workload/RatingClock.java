package dev.millrace.benchmarks.workload;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The times of ratings: no two are of one millisecond, so that each is a row of its own, and tells its number. */
public final class RatingClock {

    private static final LocalDateTime FIRST = LocalDateTime.of(2025, 3, 25, 9, 53, 42);

    private RatingClock() {}

    /** The time of the rating of that number, so many microseconds into its millisecond. */
    public static LocalDateTime time(long number, int micros) {
        return FIRST.plusNanos(1_000_000 * number + 1_000L * micros);
    }

    /** The number of the rating of that time. */
    public static long number(Instant time) {
        return Duration.between(FIRST.toInstant(ZoneOffset.UTC), time).toMillis();
    }
}
