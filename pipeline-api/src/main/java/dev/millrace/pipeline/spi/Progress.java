package dev.millrace.pipeline.spi;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a partition is done: all below the frontier, and some beyond it.
 *
 * @param frontier the first offset that is not done
 * @param beyond what is known to be done beyond it, ascending and apart; may leave out what is done, but holds nothing
 *     that is not
 */
public record Progress(long frontier, List<Run> beyond) {

    /**
     * Offsets without a record among them that is not done.
     *
     * @param from the first
     * @param to the last, included
     */
    public record Run(long from, long to) {

        /** Checks that it is one. */
        public Run {
            if (to < from) {
                throw new IllegalArgumentException("to must not be less than from, " + from + ", got " + to);
            }
        }
    }

    /** Checks the order, and copies the list. */
    public Progress {
        beyond = List.copyOf(beyond);
        long last = frontier;
        for (Run run : beyond) {
            if (run.from() <= last) {
                throw new IllegalArgumentException(
                        "beyond must ascend from the frontier " + frontier + ", got " + run.from() + " after " + last);
            }
            last = run.to();
        }
    }

    /** With nothing known beyond the frontier. */
    public static Progress of(long frontier) {
        return new Progress(frontier, List.of());
    }

    /**
     * What was known to be done, at a frontier that is newer. Within an assignment nothing done becomes undone, so runs
     * stay true while the frontier moves on.
     */
    public static Progress of(long frontier, List<Run> known) {
        if (known.isEmpty() || known.get(0).from() > frontier) {
            return new Progress(frontier, known);
        }
        List<Run> beyond = new ArrayList<>(known.size());
        for (Run run : known) {
            if (run.to() > frontier) {
                beyond.add(new Run(Math.max(run.from(), frontier + 1), run.to()));
            }
        }
        return new Progress(frontier, beyond);
    }
}
