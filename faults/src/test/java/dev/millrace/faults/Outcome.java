package dev.millrace.faults;

import java.util.List;

/**
 * What a fault came to, injected some times in one run.
 *
 * @param recoveryMillis for each time, from the end of the fault to the first row written after it
 */
record Outcome(String fault, int injected, Oracle.Verdict verdict, List<Long> recoveryMillis, long seed) {

    Outcome {
        recoveryMillis = List.copyOf(recoveryMillis);
    }

    /** A percentile of the recoveries, or a dash where none was measured. */
    String recovery(int percent) {
        if (recoveryMillis.isEmpty()) {
            return "–";
        }
        List<Long> sorted = recoveryMillis.stream().sorted().toList();
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size()) - 1;
        return "%.1f s".formatted(sorted.get(Math.max(0, rank)) / 1_000.0);
    }

    @Override
    public String toString() {
        return fault + ": injected " + injected + ", " + verdict + ", recovery p50 " + recovery(50) + ", p99 "
                + recovery(99) + ", seed " + seed;
    }
}
