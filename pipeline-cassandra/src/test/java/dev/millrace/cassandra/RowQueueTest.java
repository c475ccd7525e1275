package dev.millrace.cassandra;

import static dev.millrace.cassandra.TestRows.indexes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RowQueueTest {

    private final PendingWrite write = new PendingWrite(1_000);

    private Row row(int index, int partition, int bytes) {
        return TestRows.row(write, index, partition, bytes);
    }

    /** One whose partitions all have replicas of their own. */
    private static RowQueue queueOf(int maxBytes) {
        return new RowQueue(maxBytes, partition -> partition);
    }

    /** One in which partitions that leave the same rest when divided have the same replicas. */
    private static RowQueue queueOf(int maxBytes, int replicaSets) {
        return new RowQueue(maxBytes, partition -> partition.getInt(0) % replicaSets);
    }

    private static List<List<Row>> groups(RowQueue queue) {
        List<List<Row>> groups = new ArrayList<>();
        for (List<Row> next = queue.poll(); next != null; next = queue.poll()) {
            groups.add(next);
        }
        return groups;
    }

    private static List<List<Integer>> groups(int maxBytes, Row... rows) {
        return groups(queueOf(maxBytes), rows);
    }

    private static List<List<Integer>> groups(RowQueue queue, Row... rows) {
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
    void shouldSendPartitionsTogetherWhenTheyHaveTheSameReplicas() {
        assertThat(groups(queueOf(100, 2), row(0, 1, 10), row(1, 2, 10), row(2, 3, 10), row(3, 1, 10), row(4, 4, 10)))
                .containsExactly(List.of(0, 3, 2), List.of(1, 4));
    }

    @Test
    void shouldSendNoMorePartitionsTogetherThanServersTakeWithoutAWarning() {
        Row[] rows = IntStream.range(0, 25).mapToObj(i -> row(i, i, 1)).toArray(Row[]::new);

        assertThat(groups(queueOf(1_000_000, 1), rows)).extracting(List::size).containsExactly(10, 10, 5);
    }

    @Test
    void shouldSendNoMoreTogetherThanTheBytesAllow() {
        assertThat(groups(queueOf(100, 1), row(0, 0, 60), row(1, 1, 40), row(2, 2, 1), row(3, 3, 500), row(4, 4, 1)))
                .containsExactly(List.of(0, 1), List.of(2), List.of(3), List.of(4));
        assertThat(groups(queueOf(0, 1), row(0, 0, 1), row(1, 1, 1))).containsExactly(List.of(0), List.of(1));
    }

    @Test
    void shouldSendNoMoreThanAHundredRowsTogether() {
        Row[] rows = IntStream.range(0, 250).mapToObj(i -> row(i, i / 40, 1)).toArray(Row[]::new);

        assertThat(groups(queueOf(1_000_000, 1), rows)).extracting(List::size).containsExactly(80, 80, 90);
    }

    @Test
    void shouldLetARowJoinOnlyWhatStillWaits() {
        RowQueue queue = queueOf(100);
        queue.add(row(0, 1, 1));
        List<Row> gone = queue.poll();

        queue.add(row(1, 1, 1));

        assertThat(gone).extracting(Row::index).containsExactly(0);
        assertThat(groups(queue)).extracting(TestRows::indexes).containsExactly(List.of(1));
    }

    @Test
    void shouldGiveFirstWhatWasPutFirstAndLetNothingJoinIt() {
        RowQueue queue = queueOf(100);
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
        RowQueue queue = queueOf(100);
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
        int replicaSets = 1 + random.nextInt(20);
        RowQueue queue = queueOf(limit, replicaSets);
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
                    .extracting(row -> TestRows.partition(row) % replicaSets)
                    .containsOnly(TestRows.partition(group.get(0)) % replicaSets);
            assertThat(group).extracting(Row::partitionKey).satisfies(RowQueueTest::standTogether);
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

    /** Rows of one partition are one after the other, and the partitions no more than allowed. */
    private static void standTogether(List<? extends ByteBuffer> partitions) {
        long changes = IntStream.range(1, partitions.size())
                .filter(i -> !partitions.get(i).equals(partitions.get(i - 1)))
                .count();
        assertThat(changes + 1).isEqualTo(Set.copyOf(partitions).size()).isLessThanOrEqualTo(10);
    }
}
