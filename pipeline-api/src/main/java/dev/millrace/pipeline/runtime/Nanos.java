package dev.millrace.pipeline.runtime;

import java.time.Duration;

/** Durations as the engine counts them. */
final class Nanos {

    /** Long enough for ever, and short enough to be added to any reading of the clock and compared. */
    private static final Duration LONGEST = Duration.ofDays(365L * 100);

    private Nanos() {}

    /** That many nanoseconds, or a hundred years where there are more. */
    static long of(Duration duration) {
        return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
    }
}
