package dev.millrace.pipeline.spi;

/**
 * Offsets of a partition from one to another.
 *
 * @param from the first
 * @param to the last, included
 */
public record OffsetRun(long from, long to) {

    /** Checks that it is one. */
    public OffsetRun {
        if (from < 0) {
            throw new IllegalArgumentException("from must not be negative, got " + from);
        }
        if (to < from) {
            throw new IllegalArgumentException("to must not be less than from, " + from + ", got " + to);
        }
    }
}
