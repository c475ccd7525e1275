package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * One thread's worth of the engine. It owns some partitions and a chain of stages of its own, and everything that becomes
 * of their records happens in its cycles, so nothing here is locked. Others reach it by its mailbox only: the source loop
 * with records, connectors with answers.
 *
 * A cycle takes what is in the mailbox, runs the timers that are due, begins a slice of the records that wait, gives every
 * stage the chance to write what it has gathered, and publishes how far the partitions are. It begins no records while the
 * asynchronous stages hold as many values as they may, or while a stage such as a throttle asks it not to.
 */
final class Worker implements Environment.Cycle, Executor {

    /** Records begun in one cycle: enough to spread its cost, few enough to see to answers in between. */
    private static final int SLICE = 512;

    final WorkerCounters counters = new WorkerCounters();
    final Timers timers = new Timers();
    final Engine engine;

    private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    /** Not in the mailbox, where nobody could take one back. */
    private final Queue<Runnable> questions = new ConcurrentLinkedQueue<>();

    private final ArrayDeque<Partition> ready = new ArrayDeque<>();
    private final List<Partition> touched = new ArrayList<>();
    private final int heldLimit;
    private final WriteClock writeClock;
    private final Environment.Loop loop;

    private List<Step> steps = List.of();
    private Receiver entry = Receiver.NONE;
    private int held;
    private int holds;
    private int leaving;
    private int aside;
    private int lagging;
    private boolean isDraining;
    private boolean isHastened;
    private boolean isPaceOver;
    private boolean isSourceFull;
    private boolean hasLetGo;
    private boolean isStopped;
    private volatile boolean isDismissed;
    private long now;
    private final AtomicLong cycles = new AtomicLong();
    private final AtomicReference<@Nullable Flight> atHand = new AtomicReference<>();

    Worker(Engine engine, String name, int heldLimit) {
        this.engine = engine;
        this.loop = engine.environment.loop(name, this, true);
        this.heldLimit = heldLimit;
        this.writeClock = new WriteClock(engine.start);
        this.now = engine.environment.nanoTime();
    }

    /** Starts it; it goes on from the counts of the worker that it takes the place of. */
    void start(List<Step> chain, @Nullable Worker former) {
        steps = chain;
        entry = chain.get(0);
        if (former != null) {
            counters.takeOver(former.counters);
            for (int i = 0; i < steps.size(); i++) {
                steps.get(i).takeOver(former.steps.get(i));
            }
            cycles.setRelease(1);
        }
        loop.start();
    }

    // From any thread.

    @Override
    public void execute(Runnable task) {
        mailbox.add(task);
        loop.wake();
    }

    /** Has a question answered in the next cycle, which never comes while a function blocks this worker. */
    void ask(Runnable question) {
        questions.add(question);
        loop.wake();
    }

    /** Nobody waits for the answer any more. */
    void takeBack(Runnable question) {
        questions.remove(question);
    }

    /** It does not end in time: from now on nothing that it does counts. */
    void dismiss() {
        isDismissed = true;
    }

    boolean isCurrent() {
        return loop.isCurrent();
    }

    boolean hasEnded() {
        return loop.hasEnded();
    }

    /** Whether a question need not wait for a cycle of its. */
    boolean isOpenToCaller() {
        return loop.isOpenToCaller();
    }

    /** Makes the plain counts of this worker and its steps visible to the caller, as of the last cycle. */
    List<Step> published() {
        return cycles.getAcquire() == 0 ? List.of() : steps;
    }

    List<Step> steps() {
        return steps;
    }

    /**
     * The flight that functions are being called for, or were last in this cycle: the one to blame if it never ends.
     */
    @Nullable
    Flight atHand() {
        return atHand.getAcquire();
    }

    // From here on: within a cycle.

    @Override
    public long run() {
        try {
            return cycle();
        } catch (Throwable unexpected) {
            if (!isDismissed) {
                engine.failed(unexpected);
            }
            return ENDED;
        }
    }

    private long cycle() {
        now = engine.environment.nanoTime();
        for (Runnable task = mailbox.poll(); task != null; task = mailbox.poll()) {
            task.run();
            if (isStopped) {
                answer();
                publish();
                return ENDED;
            }
        }
        answer();
        timers.fire(now);
        begin();
        if (isDismissed) {
            return ENDED;
        }
        hasLetGo = false;
        for (Step step : steps) {
            step.endOfCycle();
        }
        publish();
        // What a step lets go as the cycle ends may be what one before it waits for.
        if (!mailbox.isEmpty() || canBegin() || hasLetGo) {
            return 0;
        }
        return timers.delay(now);
    }

    private void answer() {
        for (Runnable question = questions.poll(); question != null; question = questions.poll()) {
            question.run();
        }
    }

    private void begin() {
        for (int budget = SLICE; budget > 0 && canBegin(); ) {
            Partition partition = ready.removeFirst();
            for (; budget > 0 && partition.hasInbox() && !isFull(); budget--) {
                Flight flight = partition.begin(now);
                takes(flight);
                PipelineRecord<?> raw = flight.raw();
                entry.accept(flight, raw.key(), raw.value());
                flight.release();
            }
            if (partition.hasInbox()) {
                ready.addLast(partition);
            }
        }
    }

    private boolean canBegin() {
        return !ready.isEmpty() && !isFull();
    }

    private boolean isFull() {
        return isLoaded() || holds > 0 || isDismissed;
    }

    private void publish() {
        boolean hasMoved = !touched.isEmpty();
        boolean hasMadeRoom = false;
        for (Partition partition : touched) {
            partition.publish();
            hasMadeRoom |= partition.hasMadeRoom();
        }
        touched.clear();
        atHand.setRelease(null);
        cycles.setRelease(cycles.getPlain() + 1);
        if (hasMoved) {
            engine.progressed(counters, hasMadeRoom);
        }
    }

    void receive(Partition partition, List<? extends PipelineRecord<?>> records, long bytes) {
        boolean isNew = !partition.hasInbox();
        partition.receive(records, bytes);
        if (isNew && partition.hasInbox() && !partition.isHeld) {
            ready.addLast(partition);
        }
    }

    /** Begins no record of a partition until it is admitted. */
    void keepBack(Partition partition) {
        if (!partition.isHeld) {
            partition.isHeld = true;
            ready.remove(partition);
            letGo(); // stages that have been asked in this cycle need wait for no more of it
        }
    }

    /** Begins its records from now on. */
    void admit(Partition partition) {
        partition.isHeld = false;
        if (partition.hasInbox()) {
            ready.addLast(partition);
        }
    }

    /** Closes the epoch of a partition. */
    void close(Partition partition) {
        leaving -= partition.isLeaving ? 1 : 0;
        setAside(partition, null);
        partition.publish();
        partition.close();
        ready.remove(partition);
        for (Step step : steps) {
            step.closed(partition);
        }
    }

    /** The source reads no more of a partition until it has so much room, or again where that is {@code null}. */
    void setAside(Partition partition, Partition.@Nullable Room room) {
        aside -= partition.isAside() ? 1 : 0;
        partition.await(room);
        aside += partition.isAside() ? 1 : 0;
    }

    /** Begins no more records of a partition that goes elsewhere once those begun are done. */
    void leave(Partition partition) {
        leaving += partition.isLeaving ? 0 : 1;
        partition.isLeaving = true;
        partition.discardInbox();
        ready.remove(partition);
    }

    /** Begins no more records of a partition, for none of what they would become may pass. */
    void leaveOff(Partition partition) {
        partition.discardInbox();
        ready.remove(partition);
    }

    /** Has the stages before the limits that are reached let go of what they hold. */
    void leaveOff() {
        for (Step step : steps) {
            if (step instanceof LimitStep limit) {
                limit.leaveOffBefore();
            }
        }
    }

    /** Counts the partitions whose frontier lags far behind what has begun. */
    void lagging(int partitions) {
        lagging += partitions;
    }

    void touched(Partition partition) {
        touched.add(partition);
    }

    long now() {
        return now;
    }

    /** Runs a task once so much time has passed, from this moment on and not from the beginning of the cycle. */
    Timers.Timer after(long nanos, Runnable task) {
        return timers.at(engine.environment.nanoTime() + nanos, task);
    }

    long nextWriteTimestamp() {
        return writeClock.next(now);
    }

    /** Functions are about to be called for a flight. */
    void takes(Flight flight) {
        atHand.setRelease(flight);
    }

    /** Counts the values that asynchronous stages hold. */
    void hold(int values) {
        held += values;
    }

    /** A stage holds a value no longer. */
    void letGo() {
        hasLetGo = true;
    }

    /** Whether stages hold as many values as they may, so that no others will come. */
    boolean isLoaded() {
        return held >= heldLimit;
    }

    /** While any stage asks for it, no record is begun. */
    void holdBack(boolean isHeld) {
        holds += isHeld ? 1 : -1;
    }

    /**
     * Whether what is held should go on at once, for nothing will join it: while the pipeline drains, or a partition is
     * waited for to leave or to make room.
     */
    boolean isHurried() {
        return isDraining || leaving > 0 || aside > 0 || isHastened;
    }

    /** Nothing more is to come until what is under way is done. */
    void hasten(boolean isHastened) {
        this.isHastened = isHastened;
    }

    boolean isDraining() {
        return isDraining;
    }

    /** Told when the source is held back for want of room, and when it no longer is. */
    void sourceIsFull(boolean isFull) {
        isSourceFull = isFull;
    }

    /** Whether it may begin no more, or gets no more to begin, until some of what it has is done. */
    boolean isOutOfRoom() {
        boolean isWaitedFor = lagging > 0 || Pressure.isShare(counters, engine.options);
        return isLoaded() || isSourceFull && ready.isEmpty() && isWaitedFor;
    }

    /** Whether values need not wait for their pace any more. */
    boolean isPaceOver() {
        return isPaceOver || leaving > 0;
    }

    void endPace() {
        isPaceOver = true;
    }

    void drain() {
        isDraining = true;
    }

    /** A record failed for good where the policy is to stop. */
    void failed(String stage, Flight flight, Throwable cause) {
        if (!isDismissed) {
            engine.failed(stage, flight.position(), cause);
        }
    }

    /** What a function needs cannot be reached, which no record is to blame for. */
    void brokenOff(String stage, Flight flight, Throwable cause) {
        if (!isDismissed) {
            engine.brokenOff(stage, flight.position(), cause);
        }
    }

    /** A stage cannot go on, and no record is to blame. */
    void failed(String stage, Throwable cause) {
        Failures.rethrowIfFatal(cause);
        if (!isDismissed) {
            engine.stageFailed(stage, cause);
        }
    }

    void stop() {
        isStopped = true;
    }
}
