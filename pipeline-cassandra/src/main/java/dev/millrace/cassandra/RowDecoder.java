package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.millrace.pipeline.spi.RefusedRecordException;
import org.jspecify.annotations.Nullable;

/** Makes records of rows whose columns are in the order of the components. Thread-safe. */
record RowDecoder<V>(RecordType<V> type, Columns columns) {

    /** @throws RefusedRecordException if the record cannot be what the row holds */
    V decode(Row row) {
        @Nullable Object[] values = new @Nullable Object[columns.all().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = columns.all().get(i).decode(row.getBytesUnsafe(i), row.protocolVersion());
        }
        try {
            return type.construct(values);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new RefusedRecordException("record " + type.name() + " refused a row of table " + columns.table(), e);
        }
    }
}
