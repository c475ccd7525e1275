package dev.millrace.pipeline.runtime;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** All that the engine takes from the world: time, chance and threads. A simulation has its own. */
interface Environment {

    /** Monotonic. */
    long nanoTime();

    /** The wall clock, for stamps only, never for timers. */
    Instant now();

    RandomGenerator random();

    Executor blocking();

    /** Whether the caller runs on {@link #blocking()}. */
    default boolean isBlocking() {
        return false;
    }

    /** Whom to tell of what is thrown on {@link #blocking()} and would be lost there. Called once, before all else. */
    void supervise(Consumer<Throwable> uncaught);

    /**
     * A loop that runs the cycle again and again, one run at a time, until it says that it has ended. A daemon does not
     * keep the JVM from ending.
     */
    Loop loop(String name, Cycle cycle, boolean isDaemon);

    /** Called from within a cycle: lets the others run until the condition holds or the time is over. */
    boolean await(BooleanSupplier condition, long timeoutNanos);

    /** Called from outside of all cycles: blocks until the pipeline has ended, or the time is over. */
    default boolean join(CountDownLatch ended, long timeoutNanos) throws InterruptedException {
        return ended.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    /** Whether a reader may wait in its polls; else the loop waits for it, and polls again then or when woken. */
    default boolean mayBlock() {
        return true;
    }

    /** Lets go of the threads for blocking calls. */
    void close();

    /** What the engine is made of. */
    default Parts parts() {
        return Parts.SOUND;
    }

    /** A piece of work that comes round. */
    interface Cycle {

        long ENDED = -1;
        long WHEN_WOKEN = Long.MAX_VALUE;

        /** Does what there is to do; returns after how many nanoseconds it wants to run again. */
        long run();
    }

    /** What runs a cycle. */
    interface Loop {

        /** Begins; called once. */
        void start();

        /** Makes it run soon. Called from any thread. */
        void wake();

        /** Whether the caller is running within it. */
        boolean isCurrent();

        /** Called from within, by what would else wait for nothing: lets time pass, and ends when it is woken. */
        default void rest(long nanos) {}

        /** Whether it will not run again. */
        boolean hasEnded();

        /** Whether it cannot be running beside the caller, who may see what is its own. */
        default boolean isOpenToCaller() {
            return isCurrent() || hasEnded();
        }
    }
}
