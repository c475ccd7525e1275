package dev.millrace.pipeline.runtime;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Gives write timestamps: microseconds of the wall clock as of its making, carried on by the monotonic clock, and
 * strictly ascending. A jump of the wall clock does not reach it. Belongs to one worker.
 */
final class WriteClock {

    private final long startMicros;
    private final long startNanos;
    private long last;

    WriteClock(Environment environment) {
        Instant now = environment.now();
        startMicros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano());
        startNanos = environment.nanoTime();
    }

    long next(long nanoTime) {
        last = Math.max(last + 1, startMicros + TimeUnit.NANOSECONDS.toMicros(nanoTime - startNanos));
        return last;
    }
}
