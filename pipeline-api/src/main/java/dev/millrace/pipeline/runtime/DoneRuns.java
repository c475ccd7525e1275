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
 * is kept where a sink orders more than by key, or orders by other keys than the source's, or by none where lists are made.
 */
final class DoneRuns {

    /** More than any source has room for. */
    private static final int MOST = 4_096;

    private static final long NONE = -1;

    private DoneRuns() {}

    /** Whether records of a pipeline may be left out after a crash though others before them are not. */
    static boolean areKept(PipelineGraph graph) {
        return graph.all().stream().noneMatch(DoneRuns::isOrderedOtherwise);
    }

    private static boolean isOrderedOtherwise(StageNode stage) {
        boolean isSink = stage instanceof StageNode.To || stage instanceof StageNode.AlsoTo;
        boolean isKeyLost = stage instanceof StageNode.KeyBy || stage instanceof StageNode.Batch;
        return isKeyLost || isSink && stage.options().ordering() == Ordering.PER_PARTITION;
    }

    /** Stands behind the source, and notes what each record must stay in order with. */
    static Receiver noting(Receiver next) {
        return (flight, key, value) -> {
            try {
                flight.lane = Lanes.of(Ordering.PER_KEY, flight, key);
            } catch (Throwable failure) {
                Failures.rethrowIfFatal(failure); // of a key of the user's; the stage that needs it gives the record up
            }
            next.accept(flight, key, value);
        };
    }

    /**
     * The runs of a ledger, from record to record. Where one is undone that nobody could decode, nothing behind it is
     * told: its key is unknown. So it is where a key cannot be compared.
     */
    static List<OffsetRun> in(Iterable<Flight> ledger) {
        List<OffsetRun> runs = new ArrayList<>();
        try {
            add(ledger, runs);
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
        }
        return List.copyOf(runs);
    }

    private static void add(Iterable<Flight> ledger, List<OffsetRun> runs) {
        Set<Object> undone = new HashSet<>();
        long from = NONE;
        long last = NONE;
        for (Flight flight : ledger) {
            Object lane = flight.lane;
            boolean isKept = flight.isDone() && (lane == null || !undone.contains(lane));
            if (isKept) {
                from = from == NONE ? flight.offset : from;
                last = flight.offset;
                continue;
            }
            if (from != NONE) {
                runs.add(new OffsetRun(from, last));
                from = NONE;
            }
            if (lane == null || runs.size() == MOST) {
                return;
            }
            undone.add(lane);
        }
        if (from != NONE) {
            runs.add(new OffsetRun(from, last));
        }
    }
}
