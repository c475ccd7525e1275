package dev.millrace.pipeline.runtime;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A value was not done within the deadline of its stage. The cause is its last failure, where there was one. */
final class DeadlineExceededException extends TimeoutException {

    private static final long serialVersionUID = 1L;

    DeadlineExceededException(Duration deadline, @Nullable Throwable lastFailure) {
        super("not done within the deadline of " + deadline);
        initCause(lastFailure);
    }
}
