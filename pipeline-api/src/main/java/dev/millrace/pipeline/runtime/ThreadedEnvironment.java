package dev.millrace.pipeline.runtime;

import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The real world: one thread for each cycle. */
final class ThreadedEnvironment implements Environment {

    private static final long AWAIT_STEP_NANOS = 1_000_000;

    private final String pipeline;
    private final ExecutorService blocking;
    private final ThreadLocal<Boolean> isBlocking = new ThreadLocal<>();
    private volatile Consumer<Throwable> uncaught = lost -> {};

    ThreadedEnvironment(String pipeline) {
        this.pipeline = pipeline;
        this.blocking = BlockingThreads.executor("millrace-" + pipeline + "-blocking");
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public Executor blocking() {
        return task -> blocking.execute(() -> {
            isBlocking.set(true);
            try {
                task.run();
            } catch (Throwable lost) {
                uncaught.accept(lost);
            } finally {
                isBlocking.remove();
            }
        });
    }

    @Override
    public boolean isBlocking() {
        return isBlocking.get() != null;
    }

    @Override
    public void supervise(Consumer<Throwable> whoever) {
        uncaught = whoever;
    }

    @Override
    public Loop loop(String name, Cycle cycle, boolean isDaemon) {
        return new ThreadLoop("millrace-" + pipeline + "-" + name, cycle, isDaemon);
    }

    @Override
    public boolean await(BooleanSupplier condition, long timeoutNanos) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start >= timeoutNanos) {
                return false;
            }
            LockSupport.parkNanos(AWAIT_STEP_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        blocking.shutdown();
    }

    private static final class ThreadLoop implements Loop, Runnable {

        private final Cycle cycle;
        private final Thread thread;
        private final AtomicBoolean woken = new AtomicBoolean();

        ThreadLoop(String name, Cycle cycle, boolean isDaemon) {
            this.cycle = cycle;
            this.thread = new Thread(this, name);
            this.thread.setDaemon(isDaemon);
        }

        @Override
        public void run() {
            while (true) {
                woken.setPlain(false);
                // The flag is cleared before the work is looked for: what comes later sets it again.
                VarHandle.fullFence();
                long wait = cycle.run();
                if (wait == Cycle.ENDED) {
                    return;
                }
                // User code may have left the flag set, and parking would return at once for ever.
                Thread.interrupted();
                if (wait > 0 && !woken.get()) {
                    if (wait == Cycle.WHEN_WOKEN) {
                        LockSupport.park(this);
                    } else {
                        LockSupport.parkNanos(this, wait);
                    }
                }
            }
        }

        @Override
        public void start() {
            thread.start();
        }

        @Override
        public void wake() {
            if (!woken.getAndSet(true)) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the thread itself is meant
        public boolean isCurrent() {
            return Thread.currentThread() == thread;
        }

        @Override
        public void rest(long nanos) {
            if (!woken.get()) {
                LockSupport.parkNanos(this, nanos);
            }
        }

        @Override
        public boolean hasEnded() {
            return !thread.isAlive();
        }
    }
}
