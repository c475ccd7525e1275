package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What the source loop reads of a partition while its worker goes on. */
@EnabledForJreRange(max = JRE.JAVA_25, disabledReason = "Lincheck knows no newer JDK")
class ProgressInterleavingTest {

    private static final int RECORDS = 3;
    private static final int LOOKS = 4;

    private final Engine engine = Interleavings.endedEngine();

    @Test
    void shouldNeverShowAFrontierThatIsNotDoneNorTellTooSoonThatAllIsDone() {
        Interleavings.of(() -> {
            Partition partition = new Partition("p", new Worker(engine, "worker", 1));
            partition.dispatchedRecords = RECORDS;
            AtomicLong done = new AtomicLong();
            Interleavings.together(() -> finishAll(partition, done), () -> {
                long last = Partition.NO_FRONTIER;
                for (int i = 0; i < LOOKS; i++) {
                    last = look(partition, done, last);
                }
            });
            assertThat(partition.recordsInFlight()).isZero();
            look(partition, done, RECORDS);
        });
    }

    /** A cycle of the worker for each record; the second is done after the third. */
    private static void finishAll(Partition partition, AtomicLong done) {
        for (long offset = 0; offset < RECORDS; offset++) {
            partition.receive(List.of(PipelineRecord.of("value", "p", offset)), 1);
        }
        Flight first = partition.begin(0);
        done.set(1);
        first.release();
        partition.publish();
        Flight second = partition.begin(0);
        Flight third = partition.begin(0);
        third.release();
        partition.publish();
        done.set(RECORDS);
        second.release();
        partition.publish();
    }

    /** What a commit, or the wait for a partition to leave, reads. */
    private static long look(Partition partition, AtomicLong done, long last) {
        boolean isAllDone = partition.recordsInFlight() == 0;
        long frontier = partition.frontier();
        assertThat(frontier).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(done.get());
        if (isAllDone) {
            assertThat(frontier).isEqualTo(RECORDS);
            assertThat(partition.ledgerSize()).isZero();
        }
        return frontier;
    }
}
