package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.SplittableRandom;

/** The failures that the simulated world brings about; cheap, for there are many, and known by their message. */
final class SimFault {

    private static final String MARK = "simulated";

    private SimFault() {}

    static boolean isOne(Throwable failure) {
        return MARK.equals(failure.getMessage());
    }

    /** A failure that a record is to blame for. */
    static Throwable ofRecord(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> refused();
            case 1 -> new StackOverflowError(MARK);
            case 2 -> new LinkageError(MARK);
            case 3 -> new Exception(MARK);
            default -> retryable();
        };
    }

    static RuntimeException retryable() {
        return new RuntimeException(MARK, null, false, false) {};
    }

    static RuntimeException refused() {
        return new RefusedRecordException(MARK) {
            @Override
            public synchronized Throwable fillInStackTrace() {
                return this;
            }
        };
    }

    static RuntimeException unavailable() {
        return new UnavailableException(MARK) {
            @Override
            public synchronized Throwable fillInStackTrace() {
                return this;
            }
        };
    }

    static Error fatal() {
        return new OutOfMemoryError(MARK);
    }

    /** Throws what a signature may not allow. */
    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException sneaky(Throwable failure) throws X {
        throw (X) failure;
    }
}
