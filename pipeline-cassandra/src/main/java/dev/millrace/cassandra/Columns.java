package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns that the components of a record were found to fit, in the order of the components. */
record Columns(TableName table, List<Column> all) {

    /** A component and its column. */
    record Column(RecordComponent component, ColumnMetadata metadata, TypeCodec<Object> codec) {

        CqlIdentifier name() {
            return metadata.getName();
        }

        /** @throws RefusedRecordException if the value cannot be stored, such as a list with a null in it */
        @Nullable
        ByteBuffer encode(@Nullable Object value, ProtocolVersion protocol) {
            try {
                return value == null ? null : codec.encode(value, protocol);
            } catch (RuntimeException e) {
                throw new RefusedRecordException(
                        "component '" + component.getName() + "' cannot be stored in column " + name().asCql(true)
                                + " of type " + metadata.getType().asCql(false, true),
                        e);
            }
        }
    }

    int indexOf(CqlIdentifier name) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Their names for a statement. */
    String asCql(String separator, String suffix) {
        return String.join(
                separator,
                all.stream().map(column -> column.name().asCql(false) + suffix).toList());
    }
}
