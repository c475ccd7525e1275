package dev.millrace.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.benchmarks.workload.KeyedTask.Way;
import org.junit.jupiter.api.Test;

class KeyedWorkTest {

    private final KeyedWork work = new KeyedWork(new KeyedTask("", "", "", 10, 2, 0, Way.BLOCKING, 1));

    @Test
    void shouldFindRecordsInOrderWhereEachKeyIs() throws InterruptedException {
        work.block(new KeyedRecord(0, 0).value());
        work.block(new KeyedRecord(1, 0).value());
        work.begin(new KeyedRecord(1, 1).value()).toCompletableFuture().join();
        work.block(new KeyedRecord(0, 1).value());

        assertThat(work.done()).isEqualTo(4);
        assertThat(work.outOfOrder()).isZero();
    }

    @Test
    void shouldFindARecordThatOvertakesAnotherOfItsKey() throws InterruptedException {
        work.block(new KeyedRecord(0, 1).value());
        work.block(new KeyedRecord(0, 0).value());

        assertThat(work.outOfOrder()).isEqualTo(2);
    }

    @Test
    void shouldFindARecordThatIsBegunWhileTheFormerIsUnderWay() {
        KeyedWork slow = new KeyedWork(new KeyedTask("", "", "", 10, 2, 3_600_000, Way.ASYNC, 2));
        var first = slow.begin(new KeyedRecord(0, 0).value()).toCompletableFuture();
        var second = slow.begin(new KeyedRecord(0, 1).value()).toCompletableFuture();

        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(slow.outOfOrder()).isEqualTo(1);
    }
}
