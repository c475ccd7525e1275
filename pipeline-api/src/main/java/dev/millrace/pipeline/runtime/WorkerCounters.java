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

    long late;
    long deadLetters;
    long skipped;

    /** Records received and neither done nor discarded. */
    long inFlight() {
        return received - done - discarded;
    }

    long bytesInFlight() {
        return receivedBytes - settledBytes;
    }

    /** Records received and not yet begun. */
    long waiting() {
        return received - begun - discarded;
    }
}
