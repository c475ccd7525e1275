package dev.millrace.pipeline.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads bring about. */
public final class Await {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private Await() {}

    /** Returns once the condition holds; fails when that takes too long. */
    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /** As {@link #until(String, BooleanSupplier)}, with a text that tells how things stand. */
    public static void until(Supplier<String> what, BooleanSupplier condition) {
        if (!holdsWithin(DEADLINE, condition)) {
            throw new AssertionError("waited in vain until " + what.get());
        }
    }

    /** Fails if the condition ceases to hold within a time that is long for a machine and short for a test. */
    public static void still(String what, BooleanSupplier condition) {
        still(what, Duration.ofMillis(60), condition);
    }

    /** Fails if the condition ceases to hold within that time. */
    public static void still(String what, Duration time, BooleanSupplier condition) {
        if (holdsWithin(time, () -> !condition.getAsBoolean())) {
            throw new AssertionError("no longer so: " + what);
        }
    }

    private static boolean holdsWithin(Duration limit, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return condition.getAsBoolean(); // the machine may have stood still since the last look
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }
}
