package dev.millrace.benchmarks.bench;

/**
 * How much is measured.
 *
 * @param rounds how often each is run
 * @param records of an end-to-end run, 0 for what is usual
 * @param scale what everything else is multiplied by; below 1 for a try
 */
record Size(int rounds, long records, double scale) {

    /** So many of something, scaled. */
    long of(long usual) {
        return Math.max(1, Math.round(usual * scale));
    }

    /** The records of an end-to-end run. */
    long recordsOr(long usual) {
        return records > 0 ? records : of(usual);
    }

    boolean isTry() {
        return scale < 1;
    }
}
