package dev.millrace.pipeline.runtime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Runs all loops of an engine in the thread that asks for it, so that a benchmark sees all of their cost. */
final class RealTimeEnvironment implements Environment {

    private final List<SteppedLoop> loops = new ArrayList<>();

    /** Runs each loop once, in the order in which they were made: the source before the workers. */
    void step() {
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).run();
        }
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
        return Runnable::run;
    }

    @Override
    public void supervise(Consumer<Throwable> uncaught) {}

    @Override
    public Loop loop(String name, Cycle cycle, boolean isDaemon) {
        SteppedLoop loop = new SteppedLoop(cycle);
        loops.add(loop);
        return loop;
    }

    @Override
    public boolean await(BooleanSupplier condition, long timeoutNanos) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start >= timeoutNanos) {
                return false;
            }
            step();
        }
        return true;
    }

    @Override
    public void close() {}

    private static final class SteppedLoop implements Loop {

        private final Cycle cycle;
        private boolean isStarted;
        private boolean isRunning;
        private boolean hasEnded;

        SteppedLoop(Cycle cycle) {
            this.cycle = cycle;
        }

        void run() {
            if (isStarted && !isRunning && !hasEnded) {
                isRunning = true;
                hasEnded = cycle.run() == Cycle.ENDED;
                isRunning = false;
            }
        }

        @Override
        public void start() {
            isStarted = true;
        }

        @Override
        public void wake() {}

        @Override
        public boolean isCurrent() {
            return isRunning;
        }

        @Override
        public boolean hasEnded() {
            return hasEnded;
        }
    }
}
