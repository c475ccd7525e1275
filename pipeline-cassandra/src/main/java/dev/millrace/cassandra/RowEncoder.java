package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.ListType;
import com.datastax.oss.driver.api.core.type.MapType;
import com.datastax.oss.driver.api.core.type.SetType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes rows of records, and refuses at once what the server would refuse. Thread-safe. */
final class RowEncoder<T> {

    /** What the server counts for a cell besides its value, and for a row besides its cells; measured by tests. */
    private static final int CELL_BYTES = 20;

    private static final int ROW_BYTES = 16;
    /** What it stores for a column of a partition key of several: a length before its value, and a byte after it. */
    private static final int KEY_COLUMN_BYTES = 3;

    private static final int ELEMENT_BYTES = 40;
    static final int LONGEST_KEY = 65_535;

    private enum Part {
        PARTITION_KEY,
        CLUSTERING,
        OTHER
    }

    private final PreparedStatement insert;
    private final Columns columns;
    private final ProtocolVersion protocol;
    private final boolean nullsDelete;
    /** In the order of the table's key, which is not that of the components. */
    private final int[] partitionColumns;

    private final Part[] parts;
    private final boolean[] manyCells;

    RowEncoder(
            PreparedStatement insert, Columns columns, TableMetadata table, CqlSession session, boolean nullsDelete) {
        this.insert = insert;
        this.columns = columns;
        this.protocol = session.getContext().getProtocolVersion();
        this.nullsDelete = nullsDelete;
        int count = columns.all().size();
        parts = new Part[count];
        manyCells = new boolean[count];
        for (int i = 0; i < count; i++) {
            ColumnMetadata column = columns.all().get(i).metadata();
            parts[i] = table.getPartitionKey().contains(column)
                    ? Part.PARTITION_KEY
                    : table.getClusteringColumns().containsKey(column) ? Part.CLUSTERING : Part.OTHER;
            manyCells[i] = isUnfrozenCollection(column.getType());
        }
        List<ColumnMetadata> inOrder =
                columns.all().stream().map(Columns.Column::metadata).toList();
        partitionColumns =
                table.getPartitionKey().stream().mapToInt(inOrder::indexOf).toArray();
    }

    private static boolean isUnfrozenCollection(DataType type) {
        return type instanceof ListType list && !list.isFrozen()
                || type instanceof SetType set && !set.isFrozen()
                || type instanceof MapType map && !map.isFrozen();
    }

    /** What the server counts for a row of so many cells, none of them of many, with so many bytes in them together. */
    static int bytes(int cells, int valueBytes) {
        return ROW_BYTES + cells * CELL_BYTES + valueBytes;
    }

    /** @throws RefusedRecordException if the table can never hold the record */
    Row encode(PendingWrite write, int index, T value, long writeTimestamp) {
        @Nullable ByteBuffer[] values = new ByteBuffer[parts.length + 1];
        int bytes = ROW_BYTES;
        int partitionKeyBytes = 0;
        int clusteringBytes = 0;
        for (int i = 0; i < parts.length; i++) {
            ByteBuffer encoded = columns.all().get(i).encode(value, protocol);
            if (encoded != null) {
                bytes += CELL_BYTES + encoded.remaining() + (manyCells[i] ? elements(encoded) * ELEMENT_BYTES : 0);
            }
            switch (parts[i]) {
                case PARTITION_KEY -> partitionKeyBytes += keyBytes(i, encoded);
                case CLUSTERING -> clusteringBytes += keyBytes(i, encoded);
                case OTHER -> {}
            }
            values[i] = encoded;
        }
        if (partitionColumns.length > 1) {
            partitionKeyBytes += partitionColumns.length * KEY_COLUMN_BYTES;
        }
        checkLength("partition key", partitionKeyBytes);
        checkLength("clustering columns", clusteringBytes);
        if (writeTimestamp == Long.MIN_VALUE) {
            throw new RefusedRecordException("write timestamp must be above " + Long.MIN_VALUE);
        }
        values[parts.length] = TypeCodecs.BIGINT.encodePrimitive(writeTimestamp, protocol);
        byte[] packed = PackedValues.of(values);
        return new Row(write, index, partitionKey(values, partitionKeyBytes), () -> statement(packed), bytes);
    }

    private ByteBuffer partitionKey(@Nullable ByteBuffer[] values, int length) {
        ByteBuffer key = ByteBuffer.allocate(length);
        for (int column : partitionColumns) {
            ByteBuffer value = Objects.requireNonNull(values[column]).duplicate();
            if (partitionColumns.length == 1) {
                key.put(value);
            } else {
                key.putShort((short) value.remaining()).put(value).put((byte) 0);
            }
        }
        return key.flip();
    }

    /** What is {@code null} stays unset, and so leaves what the column holds, unless it is to be deleted. */
    private BoundStatement statement(byte[] packed) {
        BoundStatementBuilder statement = insert.boundStatementBuilder();
        PackedValues.bind(packed, statement, nullsDelete);
        return statement.build();
    }

    private int keyBytes(int column, @Nullable ByteBuffer encoded) {
        if (encoded == null) {
            throw new RefusedRecordException("primary key column " + name(column) + " must not be null");
        }
        if (parts[column] == Part.PARTITION_KEY && partitionColumns.length == 1 && !encoded.hasRemaining()) {
            throw new RefusedRecordException("primary key column " + name(column) + " must not be empty");
        }
        return encoded.remaining();
    }

    private void checkLength(String part, int bytes) {
        if (bytes > LONGEST_KEY) {
            throw new RefusedRecordException(
                    part + " of table " + columns.table() + " must be at most " + LONGEST_KEY + " bytes, got " + bytes);
        }
    }

    private static int elements(ByteBuffer collection) {
        return collection.remaining() < Integer.BYTES ? 0 : collection.getInt(collection.position());
    }

    private String name(int column) {
        return columns.all().get(column).name().asCql(true);
    }
}
