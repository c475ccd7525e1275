package dev.millrace.pipeline.runtime;

/** Plain counts that one worker writes; others see them after its next cycle. */
final class WorkerCounters {

    long received;
    long receivedBytes;
    long begun;
    long done;
    long discarded;
    /** Of records done or discarded. */
    long settledBytes;

    private long told;

    long late;
    long deadLetters;
    long skipped;

    /** Goes on from the counts of another; what that one has not done will come again, and count then. */
    void takeOver(WorkerCounters former) {
        received = former.received;
        receivedBytes = former.receivedBytes;
        settledBytes = former.receivedBytes;
        begun = former.done;
        done = former.done;
        discarded = former.received - former.done;
        told = former.received;
        late = former.late;
        deadLetters = former.deadLetters;
        skipped = former.skipped;
    }

    /** Records received and neither done nor discarded. */
    long inFlight() {
        return received - done - discarded;
    }

    long bytesInFlight() {
        return receivedBytes - settledBytes;
    }

    /** Records done or discarded since this was last asked. */
    long takeNewlySettled() {
        long before = told;
        told = done + discarded;
        return told - before;
    }

    /** Records received and not yet begun. */
    long waiting() {
        return received - begun - discarded;
    }
}
