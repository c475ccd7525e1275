package dev.millrace.pipeline;

import java.time.Duration;

/** How long a preview may still take. */
final class PreviewTime {

    private final long nanos;
    private final long since = System.nanoTime();
    private boolean isCutShort;

    PreviewTime(Duration limit) {
        this.nanos = nanos(limit);
    }

    static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException centuries) {
            return Long.MAX_VALUE;
        }
    }

    long left() {
        return isCutShort ? 0 : Math.max(0, nanos - (System.nanoTime() - since));
    }

    boolean isOver() {
        return left() == 0;
    }

    /** Somebody wants the thread back. */
    void interrupted() {
        isCutShort = true;
        Thread.currentThread().interrupt();
    }
}
