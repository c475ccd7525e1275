package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * I5 of processes killed one after the other, by their journals: what of each came again, and at most may have.
 *
 * <p>Rows come again that were acknowledged but lay at or beyond the committed offset. That is, of what was in flight,
 * what the table had and the record's other sink had not; and of what was done, what was committed too late. A commit
 * takes what is done at its moment, and one waits for the answer to the one before. So at a kill the last may not have
 * been sent and the one before not have arrived, but the third from the end has: committed too late is what has been
 * acknowledged since that one. By commits, not by the clock, for a machine that is busy delays them too. It may even
 * keep a process from its group for so long that it loses its partitions: then the same holds of that moment, but that
 * the process itself may be the one that writes the rows once more.
 *
 * @param repeated rows of this process that were written once more, by a later one or by itself
 * @param window the most that these may be
 */
record Replays(long repeated, long window) {

    private static final int NOBODY = -1;
    private static final int COMMITS_THAT_MAY_BE_LATE = 3;

    /** Checks that no row came twice within a process that kept its partitions, and of none more than its window. */
    static void check(List<List<Journal.Line>> journals, long inFlight) {
        for (Replays process : of(journals, inFlight)) {
            assertThat(process.repeated())
                    .as("I5 rows of a killed process that came again, of all %s", of(journals, inFlight))
                    .isLessThanOrEqualTo(process.window());
        }
    }

    /** Process by process, with the most records that may be in flight. */
    static List<Replays> of(List<List<Journal.Line>> journals, long inFlight) {
        long[] repeated = new long[journals.size()];
        Map<String, Integer> writers = new HashMap<>();
        for (int process = 0; process < repeated.length; process++) {
            boolean hasLost = !losses(journals.get(process)).isEmpty();
            for (Journal.Line line : journals.get(process)) {
                if (line.what().equals("ack")) {
                    int before = writers.getOrDefault(line.event(), NOBODY);
                    writers.put(line.event(), process);
                    if (!hasLost) {
                        assertThat(before)
                                .as("I5 who wrote %s before", line.event())
                                .isNotEqualTo(process);
                    }
                    if (before != NOBODY) {
                        repeated[before]++;
                    }
                }
            }
        }
        List<Replays> replays = new ArrayList<>();
        for (int process = 0; process < repeated.length; process++) {
            replays.add(new Replays(repeated[process], window(journals.get(process), inFlight)));
        }
        return replays;
    }

    private static long window(List<Journal.Line> journal, long inFlight) {
        long window = inFlight + committedTooLate(journal);
        for (int loss : losses(journal)) {
            window += inFlight + committedTooLate(journal.subList(0, loss));
        }
        return window;
    }

    /** Where it has lost partitions. */
    private static List<Integer> losses(List<Journal.Line> journal) {
        return IntStream.range(0, journal.size())
                .filter(i -> journal.get(i).key().equals("lost"))
                .boxed()
                .toList();
    }

    private static long committedTooLate(List<Journal.Line> journal) {
        long acks = 0;
        int commits = 0;
        for (int i = journal.size() - 1; i >= 0 && commits < COMMITS_THAT_MAY_BE_LATE; i--) {
            acks += journal.get(i).what().equals("ack") ? 1 : 0;
            commits += journal.get(i).key().equals("commit") ? 1 : 0;
        }
        return acks;
    }
}
