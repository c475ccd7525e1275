package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;

/**
 * Runs what several threads do together in many of the orders that their accesses to shared memory may have. An error,
 * or threads that wait for ever, fail with the order that led to it.
 *
 * <p>Two things it cannot show. Orders are sequentially consistent: what weaker memory allows is not among them. And a
 * parked thread may wake up for no reason, as the JDK allows, so that a wake-up missed is none here: see
 * {@link ThreadedEnvironmentTest}. Assertions must be plain, for what runs within them is watched as well.
 */
final class Interleavings {

    /** How many times as many as in every build. */
    private static final int FACTOR = Integer.getInteger("millrace.interleavings", 1);

    private Interleavings() {}

    static void of(int orders, Runnable code) {
        Lincheck.runConcurrentTest(orders * FACTOR, code);
    }

    /** Runs the tasks side by side and returns once all of them have; fails with the failure of any. */
    static void together(Runnable... tasks) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (Runnable task : tasks) {
            threads.add(new Thread(() -> {
                try {
                    task.run();
                } catch (AssertionError wrong) {
                    failure.set(wrong);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    /** An engine that has ended, for workers that are made apart from it. */
    static Engine endedEngine() {
        RunnerOptions options = new RunnerOptions();
        options.workers = 1;
        Engine engine = Engine.start(
                Pipeline.named("ended").from(Sources.of("one")).to(Sinks.discard()),
                options,
                new ThreadedEnvironment("ended"));
        engine.close();
        return engine;
    }

    static void check(boolean isSo, String what) {
        if (!isSo) {
            throw new AssertionError("not so: " + what);
        }
    }

    /** What one thread gives and another waits for, and takes. */
    static final class Signal {

        private boolean isGiven;

        synchronized void give() {
            isGiven = true;
            notifyAll();
        }

        synchronized void await() {
            try {
                while (!isGiven) {
                    wait();
                }
                isGiven = false;
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }
}
