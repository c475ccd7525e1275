package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;

/**
 * Runs what several threads do together in many of the orders that their accesses to shared memory may have. An error
 * in any of the threads, or threads that wait for ever, fail with the order that led to it. Orders are sequentially
 * consistent: what weaker memory allows is not among them.
 */
final class Interleavings {

    private static final int ORDERS = Integer.getInteger("millrace.interleavings", 1_000);

    private Interleavings() {}

    static void of(Runnable code) {
        Lincheck.runConcurrentTest(ORDERS, code);
    }

    /** Runs the tasks side by side and returns once all of them have; fails with the first failure of any. */
    static void together(Runnable... tasks) {
        List<Thread> threads = new ArrayList<>();
        for (Runnable task : tasks) {
            threads.add(new Thread(task));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
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

    /** A worker on a thread of its own, with nothing but its mailbox to live on. */
    static Worker startedWorker(Engine engine) {
        Worker worker = new Worker(engine, "worker", 1);
        worker.start(
                List.of(new SyncSteps.Undecoded("from", FailurePolicy.stop(), new FailureRouter(engine, worker))),
                null);
        return worker;
    }
}
