package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * The one thread that touches the reader: polls, pauses, resumes, commits, closes. It runs no user code but the reader's
 * and waits for no sink, so a consumer group never finds it missing. Lasts for one life of the pipeline.
 */
final class SourceLoop implements Environment.Cycle {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final long DRAIN_CHECK_NANOS = 2_000_000;
    private static final long WORKER_PATIENCE_NANOS = 5_000_000_000L;
    private static final RetryPolicy BACK_OFF = RetryPolicy.none();

    private final Engine engine;
    private final Supervisor supervisor;
    private final List<Worker> workers = new ArrayList<>();
    private final OpenStages stages;
    private final Assignment assignment;
    private final Pressure pressure;
    private final long commitIntervalNanos;
    private final boolean areRunsKept;

    private SourceReader<?> reader = timeout -> List.of();
    private SourceEnd end = new SourceEnd(reader);
    private long nextCommit;
    /** Until when the source asks to be spared commits. */
    private long nextTry;

    private long nextPoll;
    /** How long a poll may wait, or where none may, how long the next one may wait for. */
    private long restNanos;

    private int outages;
    private boolean isFull;
    private boolean isHeldBack;
    private volatile boolean isDraining;
    /** Of how many limits the workers know that nothing more may pass. */
    private int limitsReached;

    /** Whether the source has failed in a way that a restart may mend. */
    private boolean isBroken;

    /** Why a stage cannot go on, in a way that a restart may mend. */
    private final AtomicReference<@Nullable PipelineFailedException> stageFailure = new AtomicReference<>();

    private volatile boolean isClosed;
    private volatile @Nullable Long unavailableSince;
    private volatile List<String> troubles = List.of();
    private @Nullable Long drainDeadline;

    SourceLoop(Engine engine, Supervisor supervisor, OpenStages stages) {
        this.engine = engine;
        this.supervisor = supervisor;
        this.stages = stages;
        this.pressure = new Pressure(engine.options, engine.pipeline().graph());
        int heldLimit = Math.max(1, engine.options.maxInFlight / engine.options.workers);
        for (int i = 0; i < engine.options.workers; i++) {
            workers.add(new Worker(engine, "worker-" + (i + 1), heldLimit));
        }
        this.assignment = new Assignment(engine, List.copyOf(workers), stages.aggregate(), pressure.pollLimit());
        if (stages.aggregate().isPresent()) {
            workers.add(new Worker(engine, "aggregate", heldLimit)); // the last one, and has no partitions
        }
        this.areRunsKept = DoneRuns.areKept(engine.pipeline().graph());
        this.commitIntervalNanos = Nanos.of(engine.options.commitInterval);
    }

    /** Opens the source and starts the workers, which count on from those of the former life. */
    void open(@Nullable SourceLoop former) throws Exception {
        PipelineGraph graph = engine.pipeline().graph();
        List<List<Step>> chains = new ArrayList<>();
        for (Worker worker : workers) {
            chains.add(Chain.build(graph, stages, engine, worker));
        }
        stages.aggregate().ifPresent(AggregateRounds::begin); // before partitions are assigned
        reader = opened(graph.source());
        end = new SourceEnd(reader);
        nextPoll = engine.environment.nanoTime();
        nextCommit = nextPoll + commitIntervalNanos;
        nextTry = nextPoll;
        try {
            for (int i = 0; i < workers.size(); i++) {
                workers.get(i).start(chains.get(i), former == null ? null : former.workers.get(i));
            }
        } catch (Throwable failure) {
            workers.forEach(worker -> worker.execute(worker::stop));
            reader.close();
            throw failure;
        }
    }

    private SourceReader<?> opened(StageNode.From from) throws Exception {
        return Objects.requireNonNull(
                from.raw().open(assignment.context(stages.context(from.name()), this::rest)), "the source opened null");
    }

    // From any thread.

    List<Worker> workers() {
        return workers;
    }

    /** Since when the source cannot be reached, where it cannot. */
    @Nullable
    Long unavailableSince() {
        return unavailableSince;
    }

    /** What keeps the source from a part of its work. */
    List<String> troubles() {
        return troubles;
    }

    void wakeReader() {
        if (!isClosed) {
            reader.wakeup();
        }
    }

    /** A worker has published progress: is it what this loop waits for? */
    void progressed(WorkerCounters counters, boolean hasMadeRoom) {
        if (pressure.isRelieved(counters) || hasMadeRoom || isDraining && counters.inFlight() == 0) {
            supervisor.wake();
        }
    }

    /** A stage cannot go on for now: this life ends, and what is in flight comes again. */
    void breakOff(PipelineFailedException failure) {
        stageFailure.compareAndSet(null, failure);
    }

    OpenStages stages() {
        return stages;
    }

    Collection<Partition> partitions() {
        return assignment.partitions();
    }

    List<Partition> partitionsOf(Worker worker) {
        return assignment.partitionsOf(worker);
    }

    // From here on: within a cycle.

    @Override
    public long run() {
        try {
            return cycle();
        } catch (Throwable failure) {
            engine.failed(failure);
            return end();
        }
    }

    private long cycle() {
        PipelineFailedException failure = stageFailure.get();
        if (failure != null) {
            if (!isBroken && !supervisor.mayRestart(failure)) {
                engine.failed(failure);
            }
            return end();
        }
        long now = engine.environment.nanoTime();
        return switch (engine.state()) {
            case RUNNING -> isBroken ? drain(now) : read(now);
            case DRAINING -> drain(now);
            case ABANDONING, STOPPED, FAILED -> end();
        };
    }

    private long read(long now) {
        holdBackOrLetGo();
        boolean mayPoll = reader.isPausable() || !isHeldBack;
        if (mayPoll && nextPoll - now <= 0) {
            Duration timeout = Duration.ofNanos(Math.min(POLL_TIMEOUT.toNanos(), Math.max(1, nextCommit - now)));
            poll(timeout);
            if (end.isReached()) {
                engine.sourceEnded();
            }
            now = engine.environment.nanoTime();
        }
        commitWhenDue(now);
        if (engine.state() != PipelineState.RUNNING || isBroken) {
            return 0;
        }
        if (mayPoll) {
            return Math.max(0, Math.min(Math.max(nextPoll - now, restNanos), nextCommit - now));
        }
        return Math.max(0, nextCommit - now);
    }

    private void holdBackOrLetGo() {
        boolean mustMakeRoom = pressure.isFull(assignment.partitions(), reader.isPausable());
        if (mustMakeRoom != isFull) {
            isFull = mustMakeRoom;
            workers.forEach(worker -> worker.execute(() -> worker.sourceIsFull(mustMakeRoom)));
        }
        boolean mustHold = isFull || engine.isPaused();
        if (mustHold != isHeldBack) {
            isHeldBack = mustHold;
            if (reader.isPausable() && mustHold) {
                reader.pause(assignment.names());
            } else if (reader.isPausable()) {
                reader.resume(assignment.partitions().stream()
                        .filter(partition -> !partition.isPaused)
                        .map(partition -> partition.name)
                        .toList());
            }
        }
        if (!mustHold && reader.isPausable()) {
            pressure.setAside(assignment.partitions(), reader::pause, reader::resume);
        }
    }

    private void poll(Duration timeout) {
        boolean mayBlock = engine.environment.mayBlock();
        restNanos = timeout.toNanos();
        try {
            end.seekIf(engine.isFinishAsked());
            Collection<? extends PipelineRecord<?>> records = reader.poll(mayBlock ? timeout : Duration.ZERO);
            end.polled(records.isEmpty() && !isHeldBack && assignment.isReadFrom());
            if (mayBlock || !records.isEmpty() || end.isInDoubt()) {
                restNanos = 0;
            }
            outages = 0;
            unavailableSince = null;
            noteTroubles();
            nextPoll = engine.environment.nanoTime();
            // It may have been told to end while it polled.
            if (!isDraining && engine.state() == PipelineState.RUNNING) {
                assignment.dispatch(records);
            }
            if (isHeldBack && assignment.hasChanged()) {
                reader.pause(assignment.names());
            }
        } catch (UnavailableException unavailable) {
            outages++;
            if (unavailableSince == null) {
                unavailableSince = engine.environment.nanoTime();
            }
            restNanos = 0;
            long backOff = BACK_OFF.delayNanos(outages, engine.environment.random());
            long delay = Math.max(backOff, Failures.retryAfterNanos(unavailable));
            nextPoll = engine.environment.nanoTime() + delay;
            engine.sourceUnavailable(delay, unavailable);
        } catch (Throwable failure) {
            failed(failure);
        }
        if (assignment.hasMoved()) {
            engine.listeners.onPartitions(engine, assignment.names());
        }
    }

    /** Called by a reader that has nothing yet, within a poll. */
    private void rest(Duration time) {
        long nanos = Nanos.of(time);
        if (engine.environment.mayBlock()) {
            supervisor.rest(Math.min(restNanos, nanos));
        } else if (nanos > 0) {
            restNanos = nanos;
        }
    }

    private void noteTroubles() {
        List<String> former = troubles;
        List<String> now = reader.troubles();
        if (!now.equals(former)) {
            troubles = List.copyOf(now);
            now.stream()
                    .filter(trouble -> !former.contains(trouble))
                    .forEach(trouble -> engine.listeners.warn(engine.sourceName(), trouble));
        }
    }

    private void commitWhenDue(long now) {
        if (nextCommit - now <= 0) {
            nextCommit = now + commitIntervalNanos;
            if (nextTry - now <= 0) {
                commit(assignment.newProgress());
            }
            askForRuns(false); // for the next commit
            measureLag();
        }
    }

    private void askForRuns(boolean isLast) {
        if (areRunsKept) {
            assignment.askForRuns(isLast);
        }
    }

    private void measureLag() {
        try {
            assignment.unread(reader.lag());
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
            engine.listeners.onLagUnknown(engine.pipeline().graph().source().name(), failure);
        }
    }

    private void commit(Assignment.Progress progress) {
        if (progress.isEmpty() || !engine.maySoundlyCommit()) {
            return;
        }
        try {
            reader.commit(progress.frontier(), progress.beyond());
            assignment.committed(progress);
        } catch (UnavailableException unavailable) {
            // What is not committed now is so at the next time, by then or further.
            nextTry = engine.environment.nanoTime() + Failures.retryAfterNanos(unavailable);
            engine.listeners.onCommitFailed(engine.pipeline().graph().source().name(), unavailable);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private long drain(long now) {
        if (!isDraining) {
            isDraining = true;
            isHeldBack = true;
            if (!isBroken) {
                reader.pause(assignment.names());
            }
            workers.forEach(worker -> worker.execute(worker::drain));
        }
        if (drainDeadline == null && (engine.isDrainLimited() || isBroken)) {
            drainDeadline = now + Nanos.of(engine.options.drainTimeout);
            workers.forEach(worker -> worker.execute(worker::endPace));
        }
        leaveOff();
        if (!isBroken && reader.isPausable() && nextPoll - now <= 0) {
            poll(Duration.ZERO);
        }
        commitWhenDue(now);
        if (assignment.recordsInFlight() == 0) {
            return end();
        }
        if (drainDeadline != null && drainDeadline - now <= 0) {
            engine.listeners.warn("", "drain timed out with " + assignment.recordsInFlight() + " records in flight");
            if (isBroken) {
                return end();
            }
            engine.abandon();
            return 0;
        }
        return drainDeadline == null ? DRAIN_CHECK_NANOS : Math.min(DRAIN_CHECK_NANOS, drainDeadline - now);
    }

    /** What has not come to a limit that is reached is not waited for. */
    private void leaveOff() {
        int reached = engine.limits.reached();
        if (reached > limitsReached) {
            limitsReached = reached;
            assignment
                    .partitions()
                    .forEach(partition -> partition.worker.execute(() -> partition.worker.leaveOff(partition)));
            workers.forEach(worker -> worker.execute(worker::leaveOff));
        }
    }

    /** The source cannot go on. */
    private void failed(Throwable cause) {
        Failures.rethrowIfFatal(cause);
        engine.tellOfLossIn(cause);
        if (isBroken) {
            engine.listeners.warn(engine.sourceName(), "failed again while it ends: " + Listeners.kind(cause));
        } else if (supervisor.mayRestart(cause)) {
            isBroken = true;
        } else {
            engine.sourceFailed(cause);
        }
    }

    long end() {
        askForRuns(true);
        workers.forEach(worker -> worker.execute(worker::stop));
        if (!engine.environment.await(() -> workers.stream().allMatch(Worker::hasEnded), WORKER_PATIENCE_NANOS)) {
            engine.listeners.warn("", "a worker does not end: a function of a stage blocks it");
            workers.forEach(Worker::dismiss);
        }
        closing(() -> commit(assignment.progress()));
        isClosed = true;
        closing(reader::close);
        closing(stages::close);
        return ENDED;
    }

    /** Whatever fails, the rest is closed as well. */
    private void closing(Closing step) {
        try {
            step.run();
        } catch (VirtualMachineError fatal) {
            engine.failed(fatal);
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private interface Closing {

        void run() throws Exception;
    }
}
