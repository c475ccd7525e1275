package dev.millrace.pipeline.runtime;

import java.util.concurrent.TimeUnit;

/** The greatest value of the last minute or two. One thread adds; others may read a value that is about right. */
final class RecentMax {

    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long begun;
    private long current;
    private long former;

    RecentMax(long now) {
        begun = now;
    }

    void add(long value, long now) {
        long age = now - begun;
        if (age >= WINDOW_NANOS) {
            former = age >= 2 * WINDOW_NANOS ? 0 : current;
            current = 0;
            begun = now;
        }
        current = Math.max(current, value);
    }

    long value(long now) {
        long age = now - begun;
        if (age >= 2 * WINDOW_NANOS) {
            return 0;
        }
        return age >= WINDOW_NANOS ? current : Math.max(current, former);
    }
}
