package dev.millrace.pipeline.policy;

import java.time.Duration;
import java.util.Objects;

/**
 * When a batch is written: once it holds {@code maxRecords}, or its first record has waited for {@code maxAge}.
 *
 * @param maxRecords the most records in a batch, positive
 * @param maxAge the longest that a record waits for others; zero: a batch takes what waits and never waits itself
 */
public record BatchPolicy(int maxRecords, Duration maxAge) {

    private static final BatchPolicy DEFAULT = new BatchPolicy(1_000, Duration.ZERO);

    /** Checks both. */
    public BatchPolicy {
        if (maxRecords < 1) {
            throw new IllegalArgumentException("maxRecords must be positive, got " + maxRecords);
        }
        if (Objects.requireNonNull(maxAge, "maxAge").isNegative()) {
            throw new IllegalArgumentException("maxAge must not be negative, got " + maxAge);
        }
    }

    /** Up to 1,000 of the records that wait, without waiting for more. */
    public static BatchPolicy whatWaits() {
        return DEFAULT;
    }

    /** Up to that many of the records that wait, without waiting for more. */
    public static BatchPolicy upTo(int maxRecords) {
        return new BatchPolicy(maxRecords, Duration.ZERO);
    }

    /** As soon as there are that many, or the first has waited that long. */
    public static BatchPolicy of(int maxRecords, Duration maxAge) {
        return new BatchPolicy(maxRecords, maxAge);
    }
}
