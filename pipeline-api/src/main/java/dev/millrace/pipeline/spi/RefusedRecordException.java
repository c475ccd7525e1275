package dev.millrace.pipeline.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a decoder, lookup or writer reports of a record that it can never accept: malformed, too large, of the wrong
 * type. The engine does not try again but follows the failure policy at once.
 */
public class RefusedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was required and what arrived; no payload. */
    public RefusedRecordException(String message) {
        super(message);
    }

    /** With what was required, what arrived and the underlying failure. */
    public RefusedRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
