package dev.millrace.pipeline.runtime;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The world of one pipeline that a {@link PipelineStepper} runs: what blocks does so in the thread that steps. */
final class SteppedEnvironment implements Environment {

    private final PipelineStepper stepper;
    private int blockingCalls;
    private Consumer<Throwable> uncaught = lost -> {};

    SteppedEnvironment(PipelineStepper stepper) {
        this.stepper = stepper;
    }

    @Override
    public long nanoTime() {
        return stepper.nanos();
    }

    @Override
    public Instant now() {
        return stepper.now();
    }

    @Override
    public RandomGenerator random() {
        return stepper.random();
    }

    /** At once: nothing else could happen meanwhile but in this thread. */
    @Override
    public Executor blocking() {
        return task -> {
            blockingCalls++;
            try {
                task.run();
            } catch (Throwable lost) {
                uncaught.accept(lost);
            } finally {
                blockingCalls--;
            }
        };
    }

    @Override
    public boolean isBlocking() {
        return blockingCalls > 0 && stepper.isOpenToCaller();
    }

    @Override
    public void supervise(Consumer<Throwable> whoever) {
        uncaught = whoever;
    }

    @Override
    public Loop loop(String name, Cycle cycle, boolean isDaemon) {
        return stepper.add(cycle);
    }

    @Override
    public boolean await(BooleanSupplier condition, long timeoutNanos) {
        return stepper.pass(timeoutNanos, condition);
    }

    @Override
    public boolean join(CountDownLatch ended, long timeoutNanos) {
        return stepper.join(ended, timeoutNanos);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void close() {}
}
