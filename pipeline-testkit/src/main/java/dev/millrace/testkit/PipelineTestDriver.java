package dev.millrace.testkit;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineStepper;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs pipelines in the thread of a test, with a time that stands still until the test moves it: what takes minutes is
 * tested in milliseconds, and takes the same course each time.
 *
 * <pre>{@code
 * TestSource<String> readings = new TestSource<>();
 * List<Double> written = new ArrayList<>();
 * try (PipelineTestDriver driver = PipelineTestDriver.create()) {
 *     RunningPipeline running = driver.start(celsius(readings, Sinks.into(written)));
 *     readings.add("212", "50");
 *     driver.run();
 *     assertThat(written).containsExactly(100.0, 10.0);
 *     driver.advance(Duration.ofMinutes(5));
 *     assertThat(running.stats()...);
 * }
 * }</pre>
 *
 * <p><b>What the time moves:</b> all that the engine does after a time or at intervals. Throttles, ages of batches,
 * pauses between attempts, timeouts, deadlines, rounds of aggregates, commits, restarts, the drain;
 * {@code Sources.every}, what a cache remembers, and whatever a connector reckons by {@code StageContext.nanoTime()}. A
 * source is polled whenever anything has happened, and as time passes when it has said so to
 * {@code SourceContext.idle}, or else every 100 milliseconds.
 *
 * <p><b>What it does not:</b> whatever keeps its own time. Timeouts of an HTTP client, the reloading of tables from
 * files, real servers. Meters of Micrometer may be up to 50 real milliseconds old; {@code RunningPipeline.stats()} is
 * not.
 *
 * <p><b>What blocks</b>, such as the function of {@code Sinks.forEach} or {@code Enrichers.blocking}, is called on the
 * thread of the test, at once, and takes none of the time. An answer that takes its time is made by {@link #after}. One
 * that another thread gives is taken up by the next {@link #run}; {@link #runUntil} waits for it.
 *
 * <p>To be used by one thread at a time, and not from within a pipeline.
 */
public final class PipelineTestDriver implements AutoCloseable {

    private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
    private static final long PATIENCE_MINUTES = 5;
    private static final long CHECK_NANOS = 1_000_000;

    private final PipelineStepper stepper;
    private final Clock clock;
    /** Those that have not ended, as far as this has been looked at. */
    private final List<RunningPipeline> pipelines = new ArrayList<>();

    private PipelineTestDriver(Instant start) {
        this.stepper = PipelineStepper.startingAt(start);
        InstantSource now = stepper::now;
        this.clock = now.withZone(ZoneOffset.UTC);
    }

    /** A driver whose time begins at midnight of 2000-01-01, UTC. */
    public static PipelineTestDriver create() {
        return startingAt(START);
    }

    /** A driver whose time begins then. */
    public static PipelineTestDriver startingAt(Instant now) {
        return new PipelineTestDriver(now);
    }

    /**
     * Starts a pipeline. Opens its sinks, lookups and source, and does no more until it is {@link #run}. Several may
     * run side by side, or one after the other as after a restart.
     *
     * @throws PipelineFailedException if something cannot be opened
     */
    public RunningPipeline start(Pipeline pipeline) {
        return start(pipeline, PipelineRunner.create());
    }

    /**
     * As {@link #start(Pipeline)}, with what the runner was told, such as listeners or restarts. Unless it was told how
     * many there are, there is one worker, so that a test takes the same course on every machine.
     *
     * @throws PipelineFailedException if something cannot be opened
     */
    public RunningPipeline start(Pipeline pipeline, PipelineRunner runner) {
        RunningPipeline running = stepper.start(pipeline, runner);
        pipelines.add(running);
        return running;
    }

    /** The time, as pipelines see it. */
    public Instant now() {
        return stepper.now();
    }

    /** A clock that shows {@link #now()}, in UTC, for functions that ask one. */
    public Clock clock() {
        return clock;
    }

    /**
     * Runs all that there is to do at this time, until nothing is. Does not end by itself where a source always has
     * more and nothing, such as a throttle or a limit, bounds it.
     *
     * @throws PipelineFailedException if a pipeline has ended in FAILED; told once
     */
    public void run() {
        stepper.run();
        throwFailure();
    }

    /**
     * Runs what there is to do at this time until the condition holds, and waits for what other threads are to do where
     * nothing is. The time stands still meanwhile.
     *
     * @throws PipelineFailedException if a pipeline ends in FAILED; told once
     * @throws IllegalStateException if it does not hold within five minutes of real time
     */
    public void runUntil(BooleanSupplier condition) {
        long since = System.nanoTime();
        while (!stepper.runUntil(condition)) {
            throwFailure();
            if (System.nanoTime() - since > TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES)) {
                throw new IllegalStateException("waited in vain for " + PATIENCE_MINUTES + " minutes: "
                        + pipelines.stream().map(RunningPipeline::explain).toList());
            }
            LockSupport.parkNanos(CHECK_NANOS);
        }
        throwFailure();
    }

    /**
     * Runs as {@link #run} does, then lets so much time pass: goes to the next time at which anything is due, runs what
     * is, and so on, as far as to the end of that time, and what is due then included.
     *
     * @throws PipelineFailedException if a pipeline ends in FAILED, once the time is over; told once
     * @throws IllegalArgumentException if the time is negative
     */
    public void advance(Duration time) {
        stepper.advance(time);
        throwFailure();
    }

    /**
     * An answer that comes after so much time, for lookups and writes that take it: {@code Enrichers.async(city ->
     * driver.after(ofSeconds(2), () -> find(city)))}. The call is made then.
     */
    public <T> CompletionStage<T> after(Duration delay, ThrowingSupplier<? extends T> call) {
        return stepper.after(delay, call);
    }

    /**
     * Closes the pipelines as {@code RunningPipeline.close()} does: lets them finish what is in flight, for which time
     * passes, at most as much as the runner's drain timeout.
     *
     * @throws PipelineFailedException if one fails at that, or has failed and it was not told yet
     */
    @Override
    public void close() {
        pipelines.forEach(RunningPipeline::close);
        throwFailure();
    }

    private void throwFailure() {
        List<PipelineFailedException> failures = new ArrayList<>();
        pipelines.removeIf(running -> {
            boolean hasEnded = running.state().isFinal();
            if (hasEnded) {
                running.failure().ifPresent(failures::add);
            }
            return hasEnded;
        });
        if (!failures.isEmpty()) {
            PipelineFailedException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }
}
