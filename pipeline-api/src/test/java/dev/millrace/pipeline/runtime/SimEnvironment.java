package dev.millrace.pipeline.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The engine's world without threads: its loops and blocking tasks are events of a scheduler. One for each start of an
 * engine; after a crash nothing of it runs any more.
 */
final class SimEnvironment implements Environment {

    private static final Instant EPOCH = Instant.parse("2025-01-01T00:00:00Z");

    private final SimScheduler scheduler;
    private final SplittableRandom random;
    private final boolean isStalling;
    private final Parts parts;
    private final List<SimLoop> loops = new ArrayList<>();
    private @Nullable SimLoop current;
    private Consumer<Throwable> uncaught = lost -> {};
    private Duration wallClockSlip = Duration.ZERO;
    private boolean isCrashed;
    private boolean isClosed;

    /**
     * Makes one.
     *
     * @param isStalling whether a loop may now and then run late by far, as a thread does that is starved
     */
    SimEnvironment(SimScheduler scheduler, boolean isStalling) {
        this(scheduler, isStalling, Parts.SOUND);
    }

    SimEnvironment(SimScheduler scheduler, boolean isStalling, Parts parts) {
        this.scheduler = scheduler;
        this.random = scheduler.random.split();
        this.isStalling = isStalling;
        this.parts = parts;
    }

    /** Sets the wall clock back or, by a negative time, forward. */
    void setBack(Duration time) {
        wallClockSlip = wallClockSlip.plus(time);
    }

    /** Nothing of this world runs from here on. */
    void crash() {
        isCrashed = true;
    }

    boolean isCrashed() {
        return isCrashed;
    }

    /** Whether every loop has ended and the threads for blocking calls are let go of. */
    boolean isAtRest() {
        return isClosed && loops.stream().allMatch(SimLoop::isOver);
    }

    @Override
    public long nanoTime() {
        return scheduler.now();
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(scheduler.now()).minus(wallClockSlip);
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public Executor blocking() {
        return task -> scheduler.after(delay(), () -> {
            if (!isCrashed) {
                try {
                    within(null, task);
                } catch (Throwable lost) {
                    uncaught.accept(lost);
                }
            }
        });
    }

    @Override
    public void supervise(Consumer<Throwable> whoever) {
        uncaught = whoever;
    }

    @Override
    public Loop loop(String name, Cycle cycle, boolean isDaemon) {
        SimLoop loop = new SimLoop(cycle);
        loops.add(loop);
        return loop;
    }

    @Override
    public boolean await(BooleanSupplier condition, long timeoutNanos) {
        SimLoop waiting = current;
        current = null;
        boolean isMet = scheduler.runUntil(() -> isCrashed || condition.getAsBoolean(), scheduler.now() + timeoutNanos);
        current = waiting;
        return isMet && !isCrashed;
    }

    @Override
    public void close() {
        isClosed = true;
    }

    @Override
    public Parts parts() {
        return parts;
    }

    private void within(@Nullable SimLoop loop, Runnable task) {
        SimLoop outer = current;
        current = loop;
        try {
            task.run();
        } finally {
            current = outer;
        }
    }

    private long delay() {
        int chance = random.nextInt(1_000);
        if (isStalling && chance < 3) {
            return TimeUnit.MILLISECONDS.toNanos(random.nextInt(200));
        }
        return chance < 50 ? random.nextInt(2_000_000) : 200 + random.nextInt(40_000);
    }

    private final class SimLoop implements Loop {

        private static final long NEVER = Long.MAX_VALUE;

        private final Cycle cycle;
        private long plannedAt = NEVER;
        private boolean isStarted;
        private boolean isRunning;
        private boolean isWoken;
        private boolean hasEnded;

        SimLoop(Cycle cycle) {
            this.cycle = cycle;
        }

        @Override
        public void start() {
            isStarted = true;
            plan(delay());
        }

        @Override
        public void wake() {
            isWoken = true;
            if (isStarted && !isRunning) {
                plan(delay());
            }
        }

        @Override
        public boolean isCurrent() {
            return current == this;
        }

        @Override
        public boolean hasEnded() {
            return hasEnded;
        }

        boolean isOver() {
            return !isStarted || hasEnded;
        }

        /** An earlier plan stands; a later one is replaced. */
        private void plan(long delay) {
            long at = scheduler.now() + delay;
            if (at >= plannedAt || hasEnded) {
                return;
            }
            plannedAt = at;
            scheduler.after(delay, () -> {
                if (plannedAt == at && !isRunning) {
                    run();
                }
            });
        }

        private void run() {
            if (isCrashed || hasEnded) {
                return;
            }
            plannedAt = NEVER;
            isWoken = false;
            isRunning = true;
            long[] wait = new long[1];
            within(this, () -> wait[0] = cycle.run());
            isRunning = false;
            if (wait[0] == Cycle.ENDED) {
                hasEnded = true;
            } else if (isWoken) {
                plan(delay());
            } else if (wait[0] != Cycle.WHEN_WOKEN) {
                plan(Math.max(wait[0], 0) + delay());
            }
        }
    }
}
