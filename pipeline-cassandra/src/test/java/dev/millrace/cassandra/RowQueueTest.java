package dev.millrace.cassandra;

import static dev.millrace.cassandra.TestRows.indexes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RowQueueTest {

    private final PendingWrite write = new PendingWrite(1_000);

    private Row row(int index, int partition, int bytes) {
        return TestRows.row(write, index, partition, bytes);
    }

    private static List<List<Row>> groups(RowQueue queue) {
        List<List<Row>> groups = new ArrayList<>();
        for (List<Row> next = queue.poll(); next != null; next = queue.poll()) {
            groups.add(next);
        }
        return groups;
    }

    private List<List<Integer>> groups(int maxBytes, Row... rows) {
        RowQueue queue = new RowQueue(maxBytes);
        List.of(rows).forEach(queue::add);
        return groups(queue).stream().map(TestRows::indexes).toList();
    }

    @Test
    void shouldPutRowsTogetherWhenTheySharePartition() {
        assertThat(groups(100, row(0, 1, 10), row(1, 2, 10), row(2, 1, 10), row(3, 2, 10)))
                .containsExactly(List.of(0, 2), List.of(1, 3));
    }

    @Test
    void shouldBeginAnotherGroupWhenTheBytesAreUsedUp() {
        assertThat(groups(100, row(0, 1, 60), row(1, 1, 40), row(2, 1, 1), row(3, 1, 500), row(4, 1, 1)))
                .containsExactly(List.of(0, 1), List.of(2), List.of(3), List.of(4));
    }

    @Test
    void shouldSendEachAloneWhenNoBytesAreAllowed() {
        assertThat(groups(0, row(0, 1, 1), row(1, 1, 1))).containsExactly(List.of(0), List.of(1));
    }

    @Test
    void shouldBeginAnotherGroupWhenAHundredRowsAreTogether() {
        Row[] rows = IntStream.range(0, 250).mapToObj(i -> row(i, 1, 1)).toArray(Row[]::new);

        assertThat(groups(1_000_000, rows)).extracting(List::size).containsExactly(100, 100, 50);
    }

    @Test
    void shouldLetARowJoinOnlyWhatStillWaits() {
        RowQueue queue = new RowQueue(100);
        queue.add(row(0, 1, 1));
        List<Row> gone = queue.poll();

        queue.add(row(1, 1, 1));

        assertThat(gone).extracting(Row::index).containsExactly(0);
        assertThat(groups(queue)).extracting(TestRows::indexes).containsExactly(List.of(1));
    }

    @Test
    void shouldGiveFirstWhatWasPutFirstAndLetNothingJoinIt() {
        RowQueue queue = new RowQueue(100);
        queue.add(row(2, 1, 1));
        queue.addFirst(List.of(row(1, 1, 1)));
        queue.addFirst(List.of(row(0, 2, 1)));

        queue.add(row(3, 1, 1));
        queue.add(row(4, 2, 1));

        assertThat(groups(queue))
                .extracting(TestRows::indexes)
                .containsExactly(List.of(0), List.of(1), List.of(2, 3), List.of(4));
    }

    @Test
    void shouldHoldNothingWhenDrained() {
        RowQueue queue = new RowQueue(100);
        queue.add(row(1, 1, 1));
        queue.add(row(2, 2, 1));
        queue.addFirst(List.of(row(0, 1, 1)));

        assertThat(indexes(queue.drain())).containsExactly(0, 1, 2);

        assertThat(queue.poll()).isNull();
        queue.add(row(3, 1, 1));
        assertThat(groups(queue)).extracting(TestRows::indexes).containsExactly(List.of(3));
    }

    @RepeatedTest(50)
    void shouldKeepEachRowOnceAndInOrderWithinItsPartitionWhateverComesAndGoes(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int limit = 1 + random.nextInt(2_000);
        RowQueue queue = new RowQueue(limit);
        List<List<Row>> groups = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            queue.add(row(i, random.nextInt(20), 1 + random.nextInt(300)));
            List<Row> next = random.nextInt(4) == 0 ? queue.poll() : null;
            if (next != null) {
                groups.add(next);
            }
        }
        groups.addAll(groups(queue));

        Map<ByteBuffer, Integer> last = new HashMap<>();
        int first = -1;
        int seen = 0;
        for (List<Row> group : groups) {
            assertThat(group)
                    .extracting(Row::partitionKey)
                    .containsOnly(group.get(0).partitionKey());
            assertThat(group.size() == 1 || group.stream().mapToInt(Row::bytes).sum() <= limit)
                    .isTrue();
            assertThat(group.get(0).index()).as("oldest first").isGreaterThan(first);
            first = group.get(0).index();
            for (Row row : group) {
                assertThat(row.index()).isGreaterThan(last.getOrDefault(row.partitionKey(), -1));
                last.put(row.partitionKey(), row.index());
                seen++;
            }
        }
        assertThat(seen).isEqualTo(500);
    }
}
