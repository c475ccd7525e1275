package dev.millrace.pipeline.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a reader, lookup or writer reports when the system behind it cannot be reached, is overloaded or timed out. No
 * record is to blame: the engine retries with back-off for as long as it takes, and never makes a dead letter of it.
 */
public class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what could not be reached; no payload, no secret. */
    public UnavailableException(String message) {
        super(message);
    }

    /** With what could not be reached and why. */
    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
