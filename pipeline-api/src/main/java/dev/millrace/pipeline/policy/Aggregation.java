package dev.millrace.pipeline.policy;

import dev.millrace.pipeline.spi.StateFormat;
import dev.millrace.pipeline.spi.StateStore;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Where an aggregate keeps its states and how often it tells what has become of them. Immutable.
 *
 * @param store keeps the states
 * @param interval the time between two tellings; the records of one are committed after it is written, so after a crash
 *     up to so much comes again, which states are proof against
 * @param keys how keys are kept; empty: those of the JDK's simple types
 */
public record Aggregation(StateStore store, Duration interval, Optional<StateFormat<?>> keys) {

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

    /** Checks the interval. */
    public Aggregation {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(keys, "keys");
        if (Objects.requireNonNull(interval, "interval").isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval must be positive, got " + interval);
        }
    }

    /** Tells every second. */
    public static Aggregation keptIn(StateStore store) {
        return new Aggregation(store, DEFAULT_INTERVAL, Optional.empty());
    }

    /**
     * Tells so often; where nothing has changed, it tells nothing. Earlier where a partition is to be given up, the
     * pipeline ends, or a frontier may lag no further; later while a sink still writes what was told before.
     */
    public Aggregation every(Duration interval) {
        return new Aggregation(store, interval, keys);
    }

    /**
     * How keys are kept, where they are of other types than {@code String}, {@code Long}, {@code Integer},
     * {@code Boolean} and {@code UUID}.
     */
    public Aggregation keys(StateFormat<?> keys) {
        return new Aggregation(store, interval, Optional.of(keys));
    }
}
