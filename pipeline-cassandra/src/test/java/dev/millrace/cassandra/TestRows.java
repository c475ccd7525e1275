package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import java.nio.ByteBuffer;
import java.util.List;

/** Rows: of a record as a sink makes them, or without a statement, for what looks at partition and size alone. */
final class TestRows {

    private TestRows() {}

    static Row row(PendingWrite write, int index, int partition, int bytes) {
        return new Row(write, index, ByteBuffer.allocate(4).putInt(0, partition), TestRows::none, bytes);
    }

    static <T> RowEncoder<T> encoder(CqlSession session, String table, Class<T> type) {
        TableName name = TableName.parse(table);
        TableMetadata metadata = name.describedBy(session);
        Columns columns = RecordMapping.of(type)
                .fit(name, metadata, session.getContext().getCodecRegistry(), metadata.getPrimaryKey());
        return new RowEncoder<>(
                session.prepare(Cql.insert(name, columns.names(), null)), columns, metadata, session, false);
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
