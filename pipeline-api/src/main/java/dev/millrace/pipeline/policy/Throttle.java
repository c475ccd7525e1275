package dev.millrace.pipeline.policy;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How far apart records pass a {@code throttle} stage, over the whole pipeline: a random pause between two bounds, or a
 * constant one.
 *
 * @param minPause the shortest time between two records
 * @param maxPause the longest
 */
public record Throttle(Duration minPause, Duration maxPause) {

    /** Checks that the pauses are in order. */
    public Throttle {
        if (Objects.requireNonNull(minPause, "minPause").isNegative()) {
            throw new IllegalArgumentException("minPause must not be negative, got " + minPause);
        }
        if (Objects.requireNonNull(maxPause, "maxPause").compareTo(minPause) < 0) {
            throw new IllegalArgumentException("maxPause must not be below minPause " + minPause + ", got " + maxPause);
        }
    }

    /** That many records a second, evenly spaced. */
    public static Throttle perSecond(double records) {
        if (!(records > 0) || records > 1e9) {
            throw new IllegalArgumentException("records must be positive and at most 1e9, got " + records);
        }
        Duration pause = Duration.ofNanos(Math.round(1e9 / records));
        return new Throttle(pause, pause);
    }

    /** After each record a pause drawn at random between the two. */
    public static Throttle randomPause(Duration min, Duration max) {
        return new Throttle(min, max);
    }

    /** The next pause in nanoseconds. */
    public long nextPauseNanos(RandomGenerator random) {
        long min = minPause.toNanos();
        long max = maxPause.toNanos();
        return min == max ? min : min + (long) (random.nextDouble() * (max - min));
    }
}
