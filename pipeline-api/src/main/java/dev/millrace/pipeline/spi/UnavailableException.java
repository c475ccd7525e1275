package dev.millrace.pipeline.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reader, lookup or writer reports when the system behind it cannot be reached, is overloaded or timed out. No
 * record is to blame: the engine retries with back-off for as long as it takes, and never makes a dead letter of it.
 * Where a function of a pipeline, a decoder or a lookup in memory throws it, the pipeline ends in FAILED, or begins
 * anew as {@link dev.millrace.pipeline.runtime.PipelineRunner#restart} says.
 *
 * <p>A system may say for how long it wants to be left alone. The call is then not made again before that time, however
 * short the back-off; a {@linkplain dev.millrace.pipeline.policy.StageOptions#deadline deadline} still ends the
 * waiting. Other calls of the stage go on: who wants them to wait as well answers them in the same way.
 */
public class UnavailableException extends RuntimeException {

    /**
     * The longest that a system may ask to be left alone for, an hour: none is trusted to stop a pipeline for longer.
     */
    public static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    /** With what could not be reached; no payload, no secret. */
    public UnavailableException(String message) {
        this(message, null);
    }

    /** With what could not be reached and why. */
    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = null;
    }

    /**
     * With what could not be reached, why, and for how long it wants to be left alone.
     *
     * @param retryAfter from now on, positive or zero; more than {@link #LONGEST_RETRY_AFTER} counts as that
     */
    public UnavailableException(String message, @Nullable Throwable cause, Duration retryAfter) {
        super(message, cause);
        if (Objects.requireNonNull(retryAfter, "retryAfter").isNegative()) {
            throw new IllegalArgumentException("retryAfter must not be negative, got " + retryAfter);
        }
        this.retryAfter = retryAfter.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : retryAfter;
    }

    /** For how long the system wants to be left alone, where it says so; {@link #LONGEST_RETRY_AFTER} at most. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
