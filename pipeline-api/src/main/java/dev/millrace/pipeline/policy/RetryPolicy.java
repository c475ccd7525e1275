package dev.millrace.pipeline.policy;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How often and how long after a failure a stage tries a record again. Retries are timers: no thread sleeps.
 *
 * <p>The delay before attempt <i>n</i>+1 is {@code initialDelay · 2^(n-1)}, at most {@code maxDelay}, less a random
 * part of up to {@code jitter} of it. The number of attempts bounds failures of the record. A system that cannot be
 * reached ({@link dev.millrace.pipeline.spi.UnavailableException}) is tried without end, with the same delays, or the
 * longer one that it asks for itself.
 *
 * @param maxAttempts how often a record is tried in all, one or more; {@link Integer#MAX_VALUE} for without end
 * @param initialDelay before the second attempt
 * @param maxDelay the longest delay
 * @param jitter the part of the delay that is random, 0 to 1
 */
public record RetryPolicy(int maxAttempts, Duration initialDelay, Duration maxDelay, double jitter) {

    private static final Duration DEFAULT_INITIAL_DELAY = Duration.ofMillis(100);
    private static final Duration DEFAULT_MAX_DELAY = Duration.ofSeconds(30);
    private static final int DEFAULT_ATTEMPTS = 5;
    private static final double DEFAULT_JITTER = 0.5;

    /** Checks all four. */
    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be positive, got " + maxAttempts);
        }
        if (Objects.requireNonNull(initialDelay, "initialDelay").isNegative()) {
            throw new IllegalArgumentException("initialDelay must not be negative, got " + initialDelay);
        }
        if (Objects.requireNonNull(maxDelay, "maxDelay").compareTo(initialDelay) < 0) {
            throw new IllegalArgumentException(
                    "maxDelay must not be below initialDelay " + initialDelay + ", got " + maxDelay);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be 0 to 1, got " + jitter);
        }
    }

    /** One attempt; a system that cannot be reached is tried again after 100 ms, at most 30 s. */
    public static RetryPolicy none() {
        return exponential(DEFAULT_INITIAL_DELAY, DEFAULT_MAX_DELAY).maxAttempts(1);
    }

    /** Five attempts, the delay doubling from the first to the second given, half of it random. */
    public static RetryPolicy exponential(Duration initialDelay, Duration maxDelay) {
        return new RetryPolicy(DEFAULT_ATTEMPTS, initialDelay, maxDelay, DEFAULT_JITTER);
    }

    /** Five attempts with the same delay between them. */
    public static RetryPolicy fixed(Duration delay) {
        return new RetryPolicy(DEFAULT_ATTEMPTS, delay, delay, 0);
    }

    /** Attempts without end, the delay doubling from 100 ms to 30 s, half of it random. */
    public static RetryPolicy forever() {
        return exponential(DEFAULT_INITIAL_DELAY, DEFAULT_MAX_DELAY).maxAttempts(Integer.MAX_VALUE);
    }

    /** This policy with another number of attempts, the first included. */
    public RetryPolicy maxAttempts(int attempts) {
        return new RetryPolicy(attempts, initialDelay, maxDelay, jitter);
    }

    /** This policy with another random part, 0 for none. */
    public RetryPolicy jitter(double part) {
        return new RetryPolicy(maxAttempts, initialDelay, maxDelay, part);
    }

    /** How long to wait in nanoseconds after that many failed attempts, one or more. */
    public long delayNanos(int failedAttempts, RandomGenerator random) {
        int doublings = Math.min(Math.max(failedAttempts, 1) - 1, 62);
        long initial = saturatedNanos(initialDelay);
        long max = saturatedNanos(maxDelay);
        long delay = initial > (max >> doublings) ? max : initial << doublings;
        return delay - (long) (delay * jitter * random.nextDouble());
    }

    private static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
