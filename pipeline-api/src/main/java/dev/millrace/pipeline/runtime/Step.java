package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;

/**
 * One stage in one worker's chain. Synchronous steps call the next one directly, value by value; asynchronous ones take
 * a token of the flight and go on later, on the same worker. The counts are the worker's; others see them after its
 * next cycle.
 */
abstract class Step implements Receiver {

    final String name;
    final Worker worker;
    final FailurePolicy onFailure;
    private final FailureRouter router;

    Receiver next = NONE;
    long in;
    long out;
    long dropped;
    long hits;
    long misses;
    long retries;
    long unavailable;
    long failed;
    long deadLettered;
    long skipped;

    /** Values kept for later. */
    private int held;

    private boolean isUnavailable;
    private long unavailableSince;

    Step(String name, FailurePolicy onFailure, FailureRouter router) {
        this.name = name;
        this.worker = router.worker();
        this.onFailure = onFailure;
        this.router = router;
    }

    /** Goes on from the counts of the step that it takes the place of. */
    void takeOver(Step former) {
        in = former.in;
        out = former.out;
        dropped = former.dropped;
        hits = former.hits;
        misses = former.misses;
        retries = former.retries;
        unavailable = former.unavailable;
        failed = former.failed;
        deadLettered = former.deadLettered;
        skipped = former.skipped;
    }

    /** At the end of each cycle of the worker: the time to send what has been gathered. */
    void endOfCycle() {}

    /** A partition is the worker's no longer; what is still in flight of it no longer counts. */
    void closed(Partition partition) {}

    /** What it holds could only be refused by a limit that is reached: it lets go of all of it, undone. */
    void leaveOff() {}

    /** Whether it keeps values until others have come, rather than for something that is under way. */
    boolean isGathering() {
        return false;
    }

    /** Whether only what is gathered here can make room where nothing more may begin. */
    final boolean mustMakeRoom() {
        return worker.isOutOfRoom() && worker.steps().stream().noneMatch(step -> step.holds() && !step.isGathering());
    }

    /** Whether the partition cannot go on reading, and waits for nothing but what this step keeps. */
    @SuppressWarnings("ReferenceEquality") // the step itself is meant
    final boolean holdsBack(Partition partition) {
        boolean isWaitedFor = partition.isLagging() || partition.isAside() && !partition.hasInbox();
        Flight first = partition.first();
        return isWaitedFor && first != null && first.holder() == this;
    }

    final void holdsMore() {
        held++;
    }

    /** With nothing left to call for, nobody will learn whether what is behind this step is back. */
    final void holdsLess() {
        held--;
        worker.letGo();
        if (held == 0) {
            isUnavailable = false;
        }
    }

    /** Whether it keeps values for later. */
    final boolean holds() {
        return held > 0;
    }

    final int held() {
        return held;
    }

    /** A call has shown whether what is behind this step can be reached. */
    final void reached(boolean isReached) {
        if (!isReached && !isUnavailable) {
            unavailableSince = worker.now();
        }
        isUnavailable = !isReached;
    }

    /** A call has not; says in how many nanoseconds it is to be made again, after so many that have not. */
    final long unreached(Throwable cause, RetryPolicy retry, int outages) {
        unavailable++;
        reached(false);
        long backOff = retry.delayNanos(outages, worker.engine.environment.random());
        long delay = Math.max(backOff, Failures.retryAfterNanos(cause));
        worker.engine.listeners.onUnavailable(name, delay, cause);
        return delay;
    }

    /** For how many nanoseconds calls have not reached what is behind this step; 0 where they do, or none is due. */
    final long unavailableFor(long now) {
        return isUnavailable ? Math.max(1, now - unavailableSince) : 0;
    }

    /** Gives a value up while the caller of {@link #accept} holds a token for it. */
    final void giveUp(Flight flight, Throwable cause) {
        Failures.rethrowIfFatal(cause);
        flight.retain();
        giveUpWithToken(flight, cause, 1);
    }

    /** Gives a value up and hands a token of its flight over. */
    final void giveUpWithToken(Flight flight, Throwable cause, int attempts) {
        if (Failures.isUnavailable(cause)) {
            unavailable++;
        } else {
            failed++;
        }
        router.route(this, flight, cause, attempts);
    }
}
