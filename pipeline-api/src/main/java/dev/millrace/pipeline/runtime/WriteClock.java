package dev.millrace.pipeline.runtime;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Gives write timestamps: microseconds of the wall clock as of the start of the pipeline, carried on by the monotonic
 * clock, and strictly ascending. A jump of the wall clock does not reach it, not even in a new life of the pipeline,
 * and whichever worker has a partition, its timestamps are of the same clock. Belongs to one worker.
 */
final class WriteClock {

    private final Start start;
    private long last;

    WriteClock(Start start) {
        this.start = start;
    }

    long next(long nanoTime) {
        last = Math.max(last + 1, start.micros + TimeUnit.NANOSECONDS.toMicros(nanoTime - start.nanos));
        return last;
    }

    /**
     * One moment by both clocks.
     *
     * @param micros of the wall clock, since 1970
     * @param nanos of the monotonic clock
     */
    record Start(long micros, long nanos) {

        static Start now(Environment environment) {
            long nanos = environment.nanoTime();
            Instant now = environment.now();
            return new Start(
                    TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano()),
                    nanos);
        }
    }
}
