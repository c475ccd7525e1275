package dev.millrace.console;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what other threads bring about. */
final class Await {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final long STEP_NANOS = 1_000_000;

    private Await() {}

    interface Condition {
        boolean isMet() throws Exception;
    }

    /** Fails with what is seen instead where that takes too long. */
    static void until(Supplier<String> otherwise, Condition condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.isMet()) {
            if (System.nanoTime() - start > DEADLINE.toNanos()) {
                throw new AssertionError("waited in vain: " + otherwise.get());
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
