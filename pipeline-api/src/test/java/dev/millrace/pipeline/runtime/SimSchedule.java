package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One seed's story: the engine is started again and again over the same world until all is done. */
final class SimSchedule {

    private static final long LONGEST_RUN = TimeUnit.MINUTES.toNanos(30);
    private static final long LONGEST_END = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_EVENTS = 400_000;
    private static final int MOST_RUNS = 60;
    private static final int MOST_LIMITED_RUNS = 400;

    private final SimWorld world;
    private final SimOracle oracle;
    private final Pipeline pipeline;
    private final Parts parts;

    private SimSchedule(long seed, SimWrap wrap, boolean isTracing, String unchecked) {
        world = new SimWorld(seed, isTracing, unchecked);
        oracle = world.oracle;
        pipeline = new SimPipeline(world, wrap).write();
        parts = wrap.parts(world);
    }

    /**
     * How it went.
     *
     * @param violation the first promise broken, if any
     * @param trace what happened, if asked for
     * @param events how many events it took
     */
    record Outcome(@Nullable String violation, String trace, long events) {}

    static Outcome run(long seed, SimWrap wrap, boolean isTracing) {
        return run(new SimSchedule(seed, wrap, isTracing, ""));
    }

    /** As without a check, by its number; empty where the pipeline has no aggregate. */
    static Optional<Outcome> runOfAggregate(long seed, SimWrap wrap, String unchecked) {
        SimSchedule schedule = new SimSchedule(seed, wrap, false, unchecked);
        return schedule.world.aggregate == null ? Optional.empty() : Optional.of(run(schedule));
    }

    private static Outcome run(SimSchedule schedule) {
        schedule.run();
        return new Outcome(schedule.oracle.violation(), schedule.oracle.trace(), schedule.world.scheduler.events());
    }

    private void run() {
        oracle.note(pipeline::describe);
        while (!oracle.isBroken() && !(world.runs > 0 && world.isDone())) {
            world.runs++;
            int most = world.limit == SimWorld.NO_LIMIT ? MOST_RUNS : MOST_LIMITED_RUNS;
            oracle.require(world.runs <= most, "I7", () -> "not done after " + most + " runs");
            oneRun();
        }
        if (!oracle.isBroken()) {
            checkEnd();
        }
    }

    private void oneRun() {
        oracle.note(() -> "--- run " + world.runs);
        boolean isLimited = world.plan.isDisturbed(world.runs) && world.random.nextInt(4) > 0;
        SimRun run = new SimRun(world, !isLimited || world.random.nextBoolean(), parts);
        world.run = run;
        SimListener listener = new SimListener(world);
        RunnerOptions options = world.plan.runner.with(copy -> copy.listeners = List.of(listener));
        try {
            run.engine = Engine.start(pipeline, options, run.environment);
        } catch (PipelineFailedException notStarted) {
            oracle.require(isSimulated(notStarted), "I7", () -> "not started: " + notStarted.getCause());
            oracle.require(run.open == 0, "I7", () -> run.open + " connectors left open after a failed start");
            return;
        }
        if (isLimited) {
            disturb(run);
        }
        await(run, run.engine);
        if (!oracle.isBroken()) {
            after(run, run.engine, listener);
        }
    }

    private void disturb(SimRun run) {
        long within = (long) SimPlan.pick(world.random, 5, 100, 2_000);
        Runnable end = switch (world.random.nextInt(world.isFaulty() ? 4 : 1)) {
            case 1 -> run::abandon;
            case 2, 3 -> run::crash;
            default -> run::drain;
        };
        world.scheduler.after(1 + world.random.nextLong(TimeUnit.MILLISECONDS.toNanos(within)), end);
        if (world.isFaulty() && world.random.nextInt(4) == 0) {
            world.scheduler.after(1 + world.random.nextLong(TimeUnit.SECONDS.toNanos(3)), run::abandon);
        }
    }

    private void await(SimRun run, Engine engine) {
        long since = world.scheduler.now();
        long events = world.scheduler.events();
        boolean isOver = world.scheduler.runUntil(
                () -> run.isCrashed() || engine.state().isFinal() || world.scheduler.events() - events > MOST_EVENTS,
                since + LONGEST_RUN);
        oracle.require(isOver, "I7", () -> "no end within " + LONGEST_RUN + " ns: " + engine.stats());
        oracle.require(
                world.scheduler.events() - events <= MOST_EVENTS,
                "I7",
                () -> "no end within " + MOST_EVENTS + " events: " + engine.stats());
        long ended = world.scheduler.now();
        if (run.isCrashed() || run.abandonedAt < 0 && run.drainedAt < 0) {
            return;
        }
        // A drain may come while partitions are being revoked.
        long longestDrain =
                world.plan.runner.drainTimeout.toNanos() + world.plan.runner.revokeTimeout.toNanos() + LONGEST_END;
        long due = run.abandonedAt < 0 ? Long.MAX_VALUE : run.abandonedAt + LONGEST_END;
        due = run.drainedAt < 0 ? due : Math.min(due, run.drainedAt + longestDrain);
        long late = ended - due;
        oracle.require(late <= 0, "I7", () -> "ended " + late + " ns later than asked");
    }

    private void after(SimRun run, Engine engine, SimListener listener) {
        long pause = TimeUnit.MILLISECONDS.toNanos(10 + world.random.nextInt(100));
        world.scheduler.runUntil(() -> false, world.scheduler.now() + pause);
        world.writers.forEach(SimWriter::settleUnversioned);
        if (run.isCrashed()) {
            return;
        }
        oracle.require(run.environment.isAtRest(), "I7", () -> "loops go on after the end");
        oracle.require(run.open == 0, "I7", () -> run.open + " connectors are left open");
        long left = engine.stats().recordsInFlight();
        oracle.require(!world.plan.isCalm || left == 0, "I7", () -> left + " records are left, though nothing failed");
        checkLimit(run, engine);
        engine.failure().ifPresent(failure -> {
            oracle.note(() -> "failed: " + failure + ", " + failure.getCause());
            oracle.require(isSimulated(failure), "I7", () -> "failed by itself: " + failure.getCause());
            failure.position().ifPresent(listener::repair);
        });
    }

    private void checkLimit(SimRun run, Engine engine) {
        if (world.limit == SimWorld.NO_LIMIT) {
            return;
        }
        boolean hasEndedByItself = engine.state() == PipelineState.STOPPED && run.drainedAt < 0 && run.abandonedAt < 0;
        oracle.require(
                run.hasReachedLimit() || world.plan.isDisturbed(world.runs) || !hasEndedByItself || world.isDone(),
                "I10",
                () -> "ended by itself before its limit of " + world.limit);
        world.tables.forEach(SimTable::forgetWhatComesAgain);
    }

    private static boolean isSimulated(PipelineFailedException failure) {
        Throwable cause = failure.getCause();
        return cause != null && SimFault.isOne(cause);
    }

    private void checkEnd() {
        for (SimPartition partition : world.partitions) {
            for (SimRecord record : partition.log) {
                String missing = oracle.missing(record);
                oracle.require(missing == null, "I1", () -> "at the end " + missing);
                String unkept = oracle.unkept(record);
                oracle.require(unkept == null, "A4", () -> "at the end " + unkept);
            }
        }
        world.tables.forEach(SimTable::checkLast);
        if (world.aggregate != null) {
            world.aggregate.checkLast();
        }
    }
}
