package dev.millrace.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what a test needs, with a deadline. */
final class Await {

    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int CHECK_MILLIS = 50;

    private Await() {}

    interface Condition {
        boolean isMet() throws Exception;
    }

    /** Until the condition is met; fails with what is seen instead once the time is over. */
    static void until(String what, Duration limit, Supplier<String> otherwise, Condition condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.isMet()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + " did not come within " + limit + ": " + otherwise.get());
            }
            pass(CHECK_MILLIS);
        }
    }

    /** Lets a time pass that the test itself has drawn or that a fault lasts; not for something to happen. */
    static void pass(long millis) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
