package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.spi.OffsetRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/*
 * What is done of a ledger beyond the frontier, for the source to keep, so that it need not come again after a crash.
 *
 * A record that follows an undone one of its key is left out, done as it may be: the undone one comes again after the
 * crash, would be written after it and with a newer timestamp, and the older row would stay. For the same reason nothing
 * is kept where a sink orders more than by key, or orders by other keys than the source's.
 */
final class DoneRuns {

    /** More than any source has room for. */
    private static final int MOST = 4_096;

    private DoneRuns() {}

    /** Whether records of a pipeline may be left out after a crash though others before them are not. */
    static boolean areKept(PipelineGraph graph) {
        return graph.stages().stream().noneMatch(DoneRuns::isOrderedOtherwise);
    }

    private static boolean isOrderedOtherwise(StageNode stage) {
        boolean isSink = stage instanceof StageNode.To || stage instanceof StageNode.AlsoTo;
        return stage instanceof StageNode.KeyBy || isSink && stage.options().ordering() == Ordering.PER_PARTITION;
    }

    /** Stands behind the source, and notes what each record must stay in order with. */
    static Receiver noting(Receiver next) {
        return (flight, key, value) -> {
            flight.lane = Lanes.of(Ordering.PER_KEY, flight, key);
            next.accept(flight, key, value);
        };
    }

    /**
     * The runs of a ledger. Offsets that hold no record count as done. Where a record is undone that nobody could
     * decode, nothing behind it is told: its key is unknown.
     */
    static List<OffsetRun> in(Iterable<Flight> ledger) {
        List<OffsetRun> runs = new ArrayList<>();
        Set<Object> undone = new HashSet<>();
        long from = Long.MAX_VALUE;
        long last = -1;
        for (Flight flight : ledger) {
            Object lane = flight.lane;
            boolean isKept = flight.isDone() && (lane == null || !undone.contains(lane));
            if (!isKept) {
                add(runs, from, flight.offset - 1);
                if (lane == null || runs.size() == MOST) {
                    return List.copyOf(runs);
                }
                undone.add(lane);
                from = flight.offset + 1;
            }
            last = flight.offset;
        }
        add(runs, from, last);
        return List.copyOf(runs);
    }

    private static void add(List<OffsetRun> runs, long from, long to) {
        if (from <= to) {
            runs.add(new OffsetRun(from, to));
        }
    }
}
