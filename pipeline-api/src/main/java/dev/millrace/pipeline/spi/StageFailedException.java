package dev.millrace.pipeline.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a lookup or writer reports when it can work no more, whatever record it is given, and waiting does not mend it:
 * what it needs has been deleted, or the right to it withdrawn. The engine does not try again but ends the pipeline in
 * FAILED, whatever the failure policy: where no record can pass, none must be skipped or become a dead letter. A reader
 * may report it as well; the pipeline then begins anew where
 * {@link dev.millrace.pipeline.runtime.PipelineRunner#restart} says so, as after any failure of a source.
 */
public class StageFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what is missing; no payload, no secret. */
    public StageFailedException(String message) {
        super(message);
    }

    /** With what is missing and the underlying failure. */
    public StageFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
