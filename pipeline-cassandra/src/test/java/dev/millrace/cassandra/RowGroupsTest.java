package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RowGroupsTest {

    private static Row row(int index, int partition, int bytes) {
        BoundStatement none = null;
        return new Row(index, ByteBuffer.allocate(4).putInt(0, partition), none, bytes);
    }

    private static List<List<Integer>> indexes(List<List<Row>> groups) {
        return groups.stream()
                .map(group -> group.stream().map(Row::index).toList())
                .toList();
    }

    @Test
    void shouldPutRowsTogetherWhenTheySharePartition() {
        List<Row> rows = List.of(row(0, 1, 10), row(1, 2, 10), row(2, 1, 10), row(3, 2, 10));

        assertThat(indexes(RowGroups.of(rows, 100))).containsExactly(List.of(0, 2), List.of(1, 3));
    }

    @Test
    void shouldBeginAnotherGroupWhenTheBytesAreUsedUp() {
        List<Row> rows = List.of(row(0, 1, 60), row(1, 1, 40), row(2, 1, 1), row(3, 1, 500), row(4, 1, 1));

        assertThat(indexes(RowGroups.of(rows, 100))).containsExactly(List.of(0, 1), List.of(2), List.of(3), List.of(4));
    }

    @Test
    void shouldSendEachAloneWhenNoBytesAreAllowed() {
        assertThat(indexes(RowGroups.of(List.of(row(0, 1, 1), row(1, 1, 1)), 0)))
                .containsExactly(List.of(0), List.of(1));
    }

    @RepeatedTest(50)
    void shouldKeepEachRowOnceAndInOrderWithinItsPartitionWhateverTheRows(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int limit = 1 + random.nextInt(2_000);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(row(i, random.nextInt(20), 1 + random.nextInt(300)));
        }

        List<List<Row>> groups = RowGroups.of(rows, limit);

        Map<ByteBuffer, Integer> last = new HashMap<>();
        int seen = 0;
        for (List<Row> group : groups) {
            assertThat(group.stream().map(Row::partitionKey).distinct()).hasSize(1);
            assertThat(group.size() == 1 || group.stream().mapToInt(Row::bytes).sum() <= limit)
                    .isTrue();
            for (Row row : group) {
                assertThat(row.index()).isGreaterThan(last.getOrDefault(row.partitionKey(), -1));
                last.put(row.partitionKey(), row.index());
                seen++;
            }
        }
        assertThat(seen).isEqualTo(rows.size());
    }
}
