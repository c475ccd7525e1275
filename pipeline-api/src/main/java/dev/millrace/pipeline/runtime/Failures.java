package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What kinds of failures there are. */
final class Failures {

    private Failures() {}

    /** A JVM that is out of memory or broken can promise nothing; a stack that overflowed is the record's doing. */
    static void rethrowIfFatal(Throwable failure) {
        if (failure instanceof VirtualMachineError fatal && !(failure instanceof StackOverflowError)) {
            throw fatal;
        }
    }

    /** The failure itself, out of the wrapping of futures. */
    static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    /** Whether the system behind a stage is to blame, not the record. */
    static boolean isUnavailable(Throwable failure) {
        return failure instanceof UnavailableException;
    }

    /** For how many nanoseconds the system that is to blame wants to be left alone; 0 where it does not say. */
    static long retryAfterNanos(Throwable failure) {
        return failure instanceof UnavailableException outage
                ? outage.retryAfter().map(Duration::toNanos).orElse(0L)
                : 0;
    }

    /** Whether trying again is of no use. */
    static boolean isPermanent(Throwable failure) {
        return failure instanceof RefusedRecordException
                || failure instanceof DeadlineExceededException
                || isOfTheStage(failure);
    }

    /** Whether every other record would fail, too, and waiting is of no use. */
    static boolean isOfTheStage(Throwable failure) {
        return failure instanceof StageFailedException;
    }
}
