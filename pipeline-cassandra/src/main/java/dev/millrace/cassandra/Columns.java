package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns that the components of a record were found to fit, in the order of the components. */
record Columns(TableName table, List<Column> all) {

    /** A component and its column. */
    record Column(RecordComponent component, MethodHandle accessor, ColumnMetadata metadata, TypeCodec<Object> codec) {

        CqlIdentifier name() {
            return metadata.getName();
        }

        /**
         * What the component of a record is in the column.
         *
         * @throws RefusedRecordException if it cannot be stored, such as a list with a null in it
         */
        @Nullable
        ByteBuffer encode(Object record, ProtocolVersion protocol) {
            Object value = read(record);
            try {
                return value == null ? null : codec.encode(value, protocol);
            } catch (RuntimeException e) {
                throw new RefusedRecordException(
                        "component '" + component.getName() + "' cannot be stored in column " + name().asCql(true)
                                + " of type " + metadata.getType().asCql(false, true),
                        e);
            }
        }

        private @Nullable Object read(Object record) {
            try {
                return (Object) accessor.invokeExact(record);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("component '" + component.getName() + "' cannot be read", e);
            }
        }

        /**
         * What the component is where the column holds this.
         *
         * @throws RefusedRecordException if it cannot be that
         */
        @Nullable
        Object decode(@Nullable ByteBuffer bytes, ProtocolVersion protocol) {
            Object value;
            try {
                value = codec.decode(bytes, protocol);
            } catch (RuntimeException e) {
                throw new RefusedRecordException(
                        "column " + name().asCql(true) + " holds what component '" + component.getName() + "' of type "
                                + Codecs.simple(component.getGenericType()) + " cannot be",
                        e);
            }
            if (value == null && component.getType().isPrimitive()) {
                throw new RefusedRecordException("column " + name().asCql(true) + " must not be null for component '"
                        + component.getName() + "' of type " + component.getType() + "; a type such as "
                        + Codecs.javaTypeFor(codec) + " can be");
            }
            return value;
        }
    }

    /** Their names in the order of the components. */
    List<CqlIdentifier> names() {
        return all.stream().map(Column::name).toList();
    }
}
