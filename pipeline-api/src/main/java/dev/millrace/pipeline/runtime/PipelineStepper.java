package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.function.ThrowingSupplier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/*
 * Each loop that a pipeline has a thread for is one of a list here, with the time at which it is to run next. All that are
 * due run in turn, in the order in which they were made, until none is: the source loop polls, workers take what it has
 * sent them, and so on. Then each runs once more, for a source may have something now; and when nothing follows from that,
 * time moves, to when the next one is due and not beyond.
 *
 * A cycle may wait for others, such as the source loop for workers when a pipeline ends. Then they run within it, and time
 * moves as far as that takes.
 */
/**
 * Runs pipelines in the thread that asks for it, with a time of its own that stands still until it is moved. What
 * {@code PipelineTestDriver} of the test kit is made of, which is what tests should use.
 *
 * <p>To be used by one thread at a time, and not from within the pipelines; connectors may answer from any thread. The
 * {@link RunningPipeline} that it starts does nothing by itself: waiting for its end, or closing it, runs it and moves
 * the time as far as that takes.
 */
public final class PipelineStepper {

    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(1);

    private final Instant start;
    private final RandomGenerator random = new SplittableRandom(0);
    private final List<SteppedLoop> loops = new ArrayList<>();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
    private volatile @Nullable SteppedLoop current;
    private volatile long nanos;
    private long sequence;

    private PipelineStepper(Instant start) {
        this.start = start;
    }

    /** Makes one, with the wall clock at this time. */
    public static PipelineStepper startingAt(Instant start) {
        return new PipelineStepper(Objects.requireNonNull(start, "start"));
    }

    /**
     * Starts a pipeline as the runner would, on the calling thread and no other; nothing of it runs yet but what opens
     * its stages. It has one worker unless the runner was told how many.
     *
     * @throws PipelineFailedException if something cannot be opened; what was opened is closed again
     */
    public RunningPipeline start(Pipeline pipeline, PipelineRunner runner) {
        return runner.startAlone(Objects.requireNonNull(pipeline, "pipeline"), new SteppedEnvironment(this));
    }

    /** The wall clock. */
    public Instant now() {
        return start.plusNanos(nanos);
    }

    /** Runs all that is due, and what follows from it, until nothing is due before time moves. */
    public void run() {
        runUntil(PipelineStepper::never);
    }

    /** As {@link #run()}, and stops when the condition holds, which it asks between steps. Returns whether it holds. */
    public boolean runUntil(BooleanSupplier condition) {
        return alone(() -> settle(condition));
    }

    /** Runs all that is due, then moves the time to what is due next, and so on until so much time has passed. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time must not be negative, got " + time);
        }
        alone(() -> pass(Nanos.of(time), PipelineStepper::never));
    }

    /**
     * An answer that comes when so much time has passed: what the call returns or throws, made then. For lookups,
     * writes and the like that take their time. Called from any thread.
     */
    public <T> CompletionStage<T> after(Duration delay, ThrowingSupplier<? extends T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        synchronized (tasks) {
            tasks.add(new Task(later(nanos, Nanos.of(delay)), sequence++, () -> {
                try {
                    answer.complete(call.get());
                } catch (Throwable failure) {
                    answer.completeExceptionally(failure);
                }
            }));
        }
        return answer;
    }

    private static boolean never() {
        return false;
    }

    private boolean alone(BooleanSupplier steps) {
        Thread caller = Thread.currentThread();
        if (!runner.compareAndSet(null, caller)) {
            throw new IllegalStateException("must not be called "
                    + (isOpenToCaller() ? "from within what it runs" : "while another thread is in a call of it"));
        }
        try {
            return steps.getAsBoolean();
        } finally {
            loops.removeIf(SteppedLoop::hasEnded);
            runner.set(null);
        }
    }

    // What environments ask.

    static long later(long nanos, long delay) {
        return delay > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : nanos + delay;
    }

    long nanos() {
        return nanos;
    }

    RandomGenerator random() {
        return random;
    }

    SteppedLoop add(Environment.Cycle cycle) {
        SteppedLoop loop = new SteppedLoop(this, cycle);
        loops.add(loop);
        return loop;
    }

    boolean isWithin(SteppedLoop loop) {
        return loop == current && isCaller(runner.get());
    }

    /** Whether nothing runs, or the caller does within. */
    boolean isOpenToCaller() {
        Thread running = runner.get();
        return running == null || isCaller(running);
    }

    @SuppressWarnings("ReferenceEquality") // the thread itself is meant
    private static boolean isCaller(@Nullable Thread thread) {
        return thread == Thread.currentThread();
    }

    /**
     * From outside, until a pipeline has ended.
     *
     * @throws IllegalStateException if it has not within a day, and nothing says that it should end later
     */
    boolean join(CountDownLatch ended, long timeoutNanos) {
        boolean hasEnded = alone(() -> pass(Math.min(timeoutNanos, LONGEST_WAIT_NANOS), () -> ended.getCount() == 0));
        if (!hasEnded && timeoutNanos > LONGEST_WAIT_NANOS) {
            throw new IllegalStateException("a day has been waited for the end of a pipeline that nothing ends");
        }
        return hasEnded;
    }

    /** Lets so much time pass, or less where the condition holds before. Returns whether it holds. */
    boolean pass(long timeoutNanos, BooleanSupplier condition) {
        long end = later(nanos, timeoutNanos);
        while (!settle(condition)) {
            long next = nextDue();
            if (next > end || next == SteppedLoop.NEVER) {
                nanos = Math.max(nanos, end);
                return false;
            }
            nanos = Math.max(nanos, next);
        }
        return true;
    }

    /** Runs all that is due at this time, or until the condition holds. Returns whether it holds. */
    private boolean settle(BooleanSupplier condition) {
        while (true) {
            while (nextDue() <= nanos) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                step();
            }
            // Whatever has happened, a test or a sink may have given a source values, which wakes nobody by itself.
            loops.forEach(SteppedLoop::wake);
            step();
            if (nextDue() > nanos) {
                return condition.getAsBoolean();
            }
        }
    }

    private void step() {
        for (Task task = dueTask(); task != null; task = dueTask()) {
            task.run.run();
        }
        // The list may grow meanwhile, when a new life of a pipeline begins.
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).due() <= nanos) {
                run(loops.get(i));
            }
        }
    }

    private void run(SteppedLoop loop) {
        SteppedLoop outer = current;
        current = loop;
        try {
            loop.run();
        } finally {
            current = outer;
        }
    }

    private @Nullable Task dueTask() {
        synchronized (tasks) {
            Task first = tasks.peek();
            return first != null && first.due <= nanos ? tasks.remove() : null;
        }
    }

    private long nextDue() {
        long next = SteppedLoop.NEVER;
        for (SteppedLoop loop : loops) {
            next = Math.min(next, loop.due());
        }
        synchronized (tasks) {
            Task first = tasks.peek();
            return first == null ? next : Math.min(next, first.due);
        }
    }

    private record Task(long due, long sequence, Runnable run) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            return due != other.due ? Long.compare(due, other.due) : Long.compare(sequence, other.sequence);
        }
    }
}
