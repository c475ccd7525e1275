package dev.millrace.pipeline.runtime;

import static dev.millrace.pipeline.runtime.Interleavings.check;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What the source loop reads of a partition while its worker goes on. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class ProgressInterleavingTest {

    private static final int RECORDS = 3;

    private final Engine engine = Interleavings.endedEngine();

    @Test
    void shouldNeverShowAFrontierThatIsNotDoneNorTellTooSoonThatAllIsDone() {
        Interleavings.of(40, () -> {
            Partition partition = new Partition("p", new Worker(engine, "worker", 1));
            List<Flight> flights = begun(partition);
            AtomicLong done = new AtomicLong();
            Interleavings.together(() -> finish(partition, flights, done), () -> {
                long first = look(partition, done, Partition.NO_FRONTIER);
                look(partition, done, first);
            });
            check(partition.recordsInFlight() == 0, "none is in flight");
            look(partition, done, RECORDS);
        });
    }

    private static List<Flight> begun(Partition partition) {
        List<Flight> flights = new ArrayList<>();
        for (long offset = 0; offset < RECORDS; offset++) {
            partition.receive(List.of(PipelineRecord.of("value", "p", offset)), 1);
            flights.add(partition.begin(0));
        }
        partition.dispatchedRecords = RECORDS;
        partition.publish();
        return flights;
    }

    /** A cycle of the worker for each; the second record is done after the third. */
    private static void finish(Partition partition, List<Flight> flights, AtomicLong done) {
        done.set(1);
        flights.get(0).release();
        partition.publish();
        flights.get(2).release();
        partition.publish();
        done.set(RECORDS);
        flights.get(1).release();
        partition.publish();
    }

    /** What a commit, or the wait for a partition to leave, reads. */
    private static long look(Partition partition, AtomicLong done, long last) {
        boolean isAllDone = partition.recordsInFlight() == 0;
        long frontier = partition.frontier();
        check(frontier >= last, "the frontier only rises");
        check(frontier <= done.get(), "what is before the frontier is done");
        if (isAllDone) {
            check(frontier == RECORDS, "where none is in flight the frontier is behind all");
            check(partition.ledgerSize() == 0, "where none is in flight there is no gap");
        }
        return frontier;
    }
}
