package dev.millrace.benchmarks.bench;

/**
 * When records are due to be sent: one after the other at a steady rate, whether or not the former ones have been
 * answered for. A latency that counts from then includes what a record had to wait for before it could even be sent.
 *
 * @param startMicros when the first is due, by the wall clock
 * @param perSecond the rate
 */
record Schedule(long startMicros, double perSecond) {

    private static final double MICROS = 1e6;

    /** Checks the rate. */
    Schedule {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("perSecond must be positive, got " + perSecond);
        }
    }

    /** When the record of that number is due. */
    long dueMicros(long number) {
        return startMicros + Math.round(number * MICROS / perSecond);
    }

    /** How many records are due within the first so many seconds. */
    long dueWithin(double seconds) {
        return (long) Math.ceil(seconds * perSecond);
    }

    /** The latency of a record that was done then; none where clocks disagree. */
    long latencyMicros(long number, long doneMicros) {
        return Math.max(0, doneMicros - dueMicros(number));
    }
}
