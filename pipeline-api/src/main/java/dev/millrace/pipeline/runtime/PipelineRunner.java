package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Starts pipelines in this JVM.
 *
 * <p>Immutable and thread-safe; each method but {@link #start} returns a changed copy.
 */
public final class PipelineRunner {

    private final RunnerOptions options;

    private PipelineRunner(RunnerOptions options) {
        this.options = options;
    }

    /** A runner with every default. */
    public static PipelineRunner create() {
        return new PipelineRunner(new RunnerOptions());
    }

    /** How many threads run the stages of each pipeline; by default as many as there are processors. */
    public PipelineRunner workers(int workers) {
        require(workers > 0, "workers must be positive, got " + workers);
        return with(copy -> {
            copy.workers = workers;
            copy.areWorkersChosen = true;
        });
    }

    /**
     * The most records of a pipeline that are read and not done; by default 20,000. At the bound the source is held
     * back until there is room for 1,000, or for half of the bound where that is less. A poll may overshoot it once.
     * From a quarter of it on, a partition with its share is paused by itself, so that one whose records are never done
     * does not stop the others; if the source cannot pause partitions one by one, it does.
     */
    public PipelineRunner maxInFlight(int records) {
        require(records > 0, "records must be positive, got " + records);
        return with(copy -> copy.maxInFlight = records);
    }

    /**
     * As {@link #maxInFlight}, by the bytes that the source says its records have; by default 64 MiB, and half of it to
     * share. At the bound the source is held back until half of them are done.
     */
    public PipelineRunner maxInFlightBytes(long bytes) {
        require(bytes > 0, "bytes must be positive, got " + bytes);
        return with(copy -> copy.maxInFlightBytes = bytes);
    }

    /** How often the source is told how far the pipeline is done; by default every second, and at the end. */
    public PipelineRunner commitInterval(Duration interval) {
        requirePositive("interval", interval);
        return with(copy -> copy.commitInterval = interval);
    }

    /**
     * How long a drain may take before it is broken off; by default 30 seconds. A source that ends has no such limit.
     */
    public PipelineRunner drainTimeout(Duration timeout) {
        requirePositive("timeout", timeout);
        return with(copy -> copy.drainTimeout = timeout);
    }

    /** How long partitions that go to another instance are waited for; by default 10 seconds. */
    public PipelineRunner revokeTimeout(Duration timeout) {
        requirePositive("timeout", timeout);
        return with(copy -> copy.revokeTimeout = timeout);
    }

    /**
     * Whether and when a pipeline begins anew after a failure that may pass; by default it does not and ends in
     * {@link PipelineState#FAILED}. What may pass is an exception with which the source ends a poll or a commit for
     * good, one thrown by opening source, sinks or lookups when it begins anew, and an
     * {@link dev.millrace.pipeline.spi.UnavailableException} of a function, a decoder or a lookup in memory, which
     * cannot be called again like a lookup or a writer that answers later. What a record is to blame for, errors
     * ({@link Error}), a {@link dev.millrace.pipeline.PipelineDefinitionException}, a
     * {@link dev.millrace.pipeline.spi.DataLossException} and what keeps the pipeline from starting at all do not pass.
     *
     * <p>What is in flight is finished first, at most for the drain timeout (but not where a function has failed: what
     * follows would overtake its record); then everything is closed, and after the policy's delay opened again, on the
     * pipeline's own thread. What was not done comes again. The state stays {@link PipelineState#RUNNING} meanwhile; a
     * pipeline that is asked to end while it waits ends at once. The policy's attempts are lives of the pipeline, the
     * first included; they are counted anew after one that lasted for the policy's longest delay, and ten seconds at
     * least.
     */
    public PipelineRunner restart(RetryPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(copy -> copy.restart = policy);
    }

    /**
     * How long a record may hold back the frontier of its partition before {@link RunningPipeline#health()} calls the
     * pipeline degraded; by default a minute. Nothing else follows from it.
     */
    public PipelineRunner stuckAfter(Duration age) {
        requirePositive("age", age);
        return with(copy -> copy.stuckAfter = age);
    }

    /** Adds a listener. */
    public PipelineRunner listener(PipelineListener listener) {
        List<PipelineListener> listeners = new ArrayList<>(options.listeners);
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return with(copy -> copy.listeners = List.copyOf(listeners));
    }

    /**
     * Starts a pipeline. Opens its sinks, lookups and source, in that order, on the calling thread, which may block;
     * then returns while the pipeline runs on threads of its own. The JVM does not end before the pipeline does.
     *
     * @throws PipelineFailedException if something cannot be opened; what was opened is closed again
     */
    public RunningPipeline start(Pipeline pipeline) {
        Objects.requireNonNull(pipeline, "pipeline");
        return start(pipeline, new ThreadedEnvironment(pipeline.name()));
    }

    /** As it is told, or else with one worker: what happens next shall not depend on the machine. */
    RunningPipeline startAlone(Pipeline pipeline, Environment environment) {
        return (options.areWorkersChosen ? this : workers(1)).start(pipeline, environment);
    }

    RunningPipeline start(Pipeline pipeline, Environment environment) {
        return Engine.start(pipeline, options, environment);
    }

    private PipelineRunner with(Consumer<RunnerOptions> change) {
        return new PipelineRunner(options.with(change));
    }

    private static void requirePositive(String parameter, Duration duration) {
        require(
                !Objects.requireNonNull(duration, parameter).isNegative() && !duration.isZero(),
                parameter + " must be positive, got " + duration);
    }

    private static void require(boolean isMet, String message) {
        if (!isMet) {
            throw new IllegalArgumentException(message);
        }
    }
}
