package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.spi.DataLossException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * A running pipeline: one source loop, some workers, and what passes between them; a supervisor begins these anew where a
 * failure of the source ends them and restarts are asked for.
 *
 * Records. The source loop polls, splits what it gets by partition, and mails each run of records to the worker that owns
 * the partition. There they begin a flight, go through the chain of steps, and end when every token of the flight has been
 * given back. Nobody but its worker touches a flight.
 *
 * Acknowledgement. The worker keeps a ledger for each partition and publishes its frontier once a cycle. The source loop
 * reads the frontiers and commits them. It never derives anything from what it has polled.
 *
 * Bounds. The source loop counts what it has dispatched, the workers publish what is done; at the bound the loop pauses
 * the source, and a worker that has made its share of room wakes it. Within a worker, the values that asynchronous steps
 * hold are bounded in the same way, so that a step that makes many values of one stops the intake too.
 *
 * Ending. The state moves from RUNNING to DRAINING or ABANDONING by whoever asks first, in any thread; the source loop acts
 * on it and is the one that ends everything: it waits for the workers, commits the last frontier, closes reader, writers and
 * lookups, and only then lets the state become final. A failure is noted first and then abandons, so that a pipeline is
 * never FAILED without a cause.
 */
final class Engine implements RunningPipeline {

    private static final long LISTENER_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    final Environment environment;
    final Listeners listeners;
    final RunnerOptions options;
    final WriteClock.Start start;
    final Limits limits;

    private final Pipeline pipeline;
    private final AtomicReference<@Nullable PipelineFailedException> failure = new AtomicReference<>();
    private final AtomicLong sourceOutages = new AtomicLong();
    private final AtomicLong dataLosses = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final StateChanges changes = new StateChanges(this::tell);
    private final Supervisor supervisor;
    private volatile PipelineState state = PipelineState.RUNNING;
    private volatile boolean isUnsound;
    private volatile boolean isDrainLimited;
    private volatile boolean isPauseAsked;
    private volatile boolean isFinishAsked;

    private Engine(Pipeline pipeline, RunnerOptions options, Environment environment) {
        this.pipeline = pipeline;
        this.options = options;
        this.environment = environment;
        this.start = WriteClock.Start.now(environment);
        this.limits = new Limits(pipeline.graph());
        this.listeners = new Listeners(pipeline.name(), options.listeners, environment::nanoTime);
        this.supervisor = new Supervisor(this);
        changes.add(PipelineState.RUNNING);
        environment.supervise(this::failed);
    }

    static Engine start(Pipeline pipeline, RunnerOptions options, Environment environment) {
        Engine engine = new Engine(pipeline, options, environment);
        engine.supervisor.start();
        return engine;
    }

    String name() {
        return pipeline.name();
    }

    String sourceName() {
        return pipeline.graph().source().name();
    }

    // What the parts tell each other.

    /** A worker has published progress; whether a partition of its has the room now that it was to make. */
    void progressed(WorkerCounters counters, boolean hasMadeRoom) {
        supervisor.current().progressed(counters, hasMadeRoom);
    }

    /** A record failed for good where the policy is to stop. */
    void failed(String stage, SourcePosition position, Throwable cause) {
        failed(failureOf(stage, position, cause));
    }

    /** A function cannot go on for now, whatever record it is called with. */
    void brokenOff(String stage, SourcePosition position, Throwable cause) {
        supervisor.current().breakOff(failureOf(stage, position, cause));
        supervisor.wake();
    }

    /** Something failed that no record is to blame for. */
    void failed(Throwable cause) {
        // After an error of the machine itself even the ledger may be wrong, so nothing more is committed.
        if (cause instanceof VirtualMachineError) {
            isUnsound = true;
        }
        failed(new PipelineFailedException(
                "pipeline '" + name() + "' failed: " + Listeners.kind(cause), name(), null, null, cause));
    }

    void failed(PipelineFailedException cause) {
        if (!state.isFinal()) {
            failure.compareAndSet(null, cause);
            abandon();
        }
    }

    /** The source could not be polled for now. */
    void sourceUnavailable(long delayNanos, Throwable cause) {
        sourceOutages.incrementAndGet();
        listeners.onUnavailable(sourceName(), delayNanos, cause);
    }

    /** The source has lost records before they were read. */
    void dataLost(Collection<DataLoss> losses) {
        dataLosses.addAndGet(losses.size());
        losses.forEach(loss -> listeners.onDataLoss(sourceName(), loss));
    }

    /** Tells what the source has lost, if it is for that that it cannot go on. */
    void tellOfLossIn(Throwable cause) {
        if (cause instanceof DataLossException loss) {
            dataLost(loss.losses());
        }
    }

    long dataLosses() {
        return dataLosses.get();
    }

    long sourceOutages() {
        return sourceOutages.get();
    }

    /** The source cannot go on: what is in flight is finished, then the pipeline has failed. */
    void sourceFailed(Throwable cause) {
        failure.compareAndSet(null, failureOf(sourceName(), null, cause));
        drain();
    }

    /** A stage cannot go on, and no record is to blame. */
    void stageFailed(String stage, Throwable cause) {
        failed(failureOf(stage, null, cause));
    }

    private PipelineFailedException failureOf(String stage, @Nullable SourcePosition position, Throwable cause) {
        String place = "stage '" + stage + "'" + (position == null ? "" : " at " + position);
        return new PipelineFailedException(
                "pipeline '" + name() + "' failed in " + place + ": " + Listeners.kind(cause),
                name(),
                stage,
                position,
                cause);
    }

    /** The source has come to its end: what is in flight is finished, however long that takes. */
    void sourceEnded() {
        beginDrain();
    }

    /** As many values have passed as may: what has is finished, as at the end of the source. */
    void limitReached() {
        beginDrain();
    }

    /** Whether the end of the source is where it ends at this moment. */
    boolean isFinishAsked() {
        return isFinishAsked;
    }

    /** Whether somebody has asked for the drain and waits for it. */
    boolean isDrainLimited() {
        return isDrainLimited;
    }

    boolean maySoundlyCommit() {
        return !isUnsound;
    }

    /** The first act of the supervisor. */
    void began() {
        changes.open();
        changes.tell();
    }

    /** The last act of the supervisor. Another thread may be telling listeners of an earlier state. */
    void ended() {
        PipelineState last = failure.get() == null ? PipelineState.STOPPED : PipelineState.FAILED;
        move(last, PipelineState.RUNNING, PipelineState.DRAINING, PipelineState.ABANDONING);
        if (!environment.await(() -> ended.getCount() == 0, LISTENER_PATIENCE_NANOS)) {
            listeners.warn("", "is " + last + ", of which a listener that blocks keeps the others from being told");
            ended.countDown();
        }
    }

    private boolean move(PipelineState to, PipelineState... from) {
        synchronized (this) {
            if (!List.of(from).contains(state)) {
                return false;
            }
            state = to;
            changes.add(to);
        }
        changes.tell();
        return true;
    }

    /** Those who wait for the end go on once it has been told, by whichever thread that is. */
    private void tell(PipelineState state) {
        try {
            listeners.onStateChange(this, state);
        } catch (VirtualMachineError fatal) {
            failed(fatal);
        } finally {
            if (state.isFinal()) {
                ended.countDown();
            }
        }
    }

    private boolean isWithin() {
        return supervisor.isCurrent()
                || changes.isTelling()
                || environment.isBlocking()
                || supervisor.current().workers().stream().anyMatch(Worker::isCurrent);
    }

    // What users ask.

    @Override
    public Pipeline pipeline() {
        return pipeline;
    }

    @Override
    public PipelineState state() {
        return state;
    }

    @Override
    public Optional<PipelineFailedException> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public PipelineStats stats() {
        return Reports.stats(this, supervisor.current());
    }

    @Override
    public PipelineHealth health() {
        return Health.of(this, supervisor);
    }

    @Override
    public String explain() {
        return Reports.explain(this, supervisor);
    }

    @Override
    public List<Holdup> holdups() {
        return Reports.holdups(supervisor.current());
    }

    @Override
    public void pause() {
        isPauseAsked = true;
        supervisor.wake();
    }

    @Override
    public void resume() {
        isPauseAsked = false;
        supervisor.wake();
    }

    @Override
    public boolean isPaused() {
        return isPauseAsked && state == PipelineState.RUNNING;
    }

    @Override
    public void finish() {
        isFinishAsked = true;
        supervisor.wake();
    }

    @Override
    public void drain() {
        isDrainLimited = true;
        beginDrain();
    }

    private void beginDrain() {
        if (move(PipelineState.DRAINING, PipelineState.RUNNING)) {
            supervisor.wake();
        }
    }

    @Override
    public void abandon() {
        if (move(PipelineState.ABANDONING, PipelineState.RUNNING, PipelineState.DRAINING)) {
            supervisor.wake();
        }
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        if (!isWithin()) {
            environment.join(ended, Long.MAX_VALUE);
        }
        throwIfFailed();
    }

    @Override
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        boolean hasEnded = isWithin() ? ended.getCount() == 0 : environment.join(ended, Nanos.of(timeout));
        throwIfFailed();
        return hasEnded;
    }

    private void throwIfFailed() {
        PipelineFailedException cause = failure.get();
        if (cause != null && state == PipelineState.FAILED) {
            throw cause;
        }
    }

    @Override
    public void close() {
        drain();
        if (isWithin()) {
            return;
        }
        try {
            environment.join(ended, Long.MAX_VALUE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "RunningPipeline[" + name() + ", " + state + "]";
    }
}
