package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import java.nio.ByteBuffer;
import java.util.List;

/** Rows without a statement, for what looks at partition and size alone. */
final class TestRows {

    private TestRows() {}

    static Row row(PendingWrite write, int index, int partition, int bytes) {
        return new Row(write, index, ByteBuffer.allocate(4).putInt(0, partition), TestRows::none, bytes);
    }

    private static BoundStatement none() {
        throw new AssertionError("nobody sends this");
    }

    static int partition(Row row) {
        return row.partitionKey().getInt(0);
    }

    static List<Integer> indexes(List<Row> rows) {
        return rows.stream().map(Row::index).toList();
    }
}
