package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes of a key what its columns hold. Thread-safe. */
interface KeyEncoder {

    /** The columns of the key. */
    List<CqlIdentifier> columns();

    /** A value for each column; {@code null} where one is missing, so that no row can have that key. */
    @Nullable
    List<ByteBuffer> encode(Object key);

    /** A key of one column, of whatever type the column takes. */
    static KeyEncoder single(ColumnMetadata column, CodecRegistry registry, ProtocolVersion protocol) {
        return new Single(column, registry, protocol, new ConcurrentHashMap<>());
    }

    /** A key of the components of a record. */
    static KeyEncoder ofRecord(Columns columns, ProtocolVersion protocol) {
        return new OfRecord(columns, protocol);
    }

    record Single(
            ColumnMetadata column,
            CodecRegistry registry,
            ProtocolVersion protocol,
            Map<Class<?>, TypeCodec<Object>> codecs)
            implements KeyEncoder {

        @Override
        public List<CqlIdentifier> columns() {
            return List.of(column.getName());
        }

        @Override
        public List<ByteBuffer> encode(Object key) {
            ByteBuffer encoded =
                    codecs.computeIfAbsent(key.getClass(), this::codec).encode(key, protocol);
            return List.of(java.util.Objects.requireNonNull(encoded));
        }

        @SuppressWarnings("unchecked") // found by the key's own class
        private TypeCodec<Object> codec(Class<?> type) {
            Class<?> declared = Enum.class.isAssignableFrom(type) && !type.isEnum() ? type.getSuperclass() : type;
            TypeCodec<?> codec = Codecs.find(registry, column.getType(), declared);
            if (codec == null) {
                throw new RefusedRecordException(
                        "key for column " + column.getName().asCql(true) + " of type "
                                + column.getType().asCql(false, true) + " must be "
                                + Codecs.javaTypeFor(registry, column.getType()) + ", got " + type.getName());
            }
            return (TypeCodec<Object>) codec;
        }
    }

    record OfRecord(Columns key, ProtocolVersion protocol) implements KeyEncoder {

        @Override
        public List<CqlIdentifier> columns() {
            return key.names();
        }

        @Override
        public @Nullable List<ByteBuffer> encode(Object record) {
            List<ByteBuffer> values = new ArrayList<>(key.all().size());
            for (Columns.Column column : key.all()) {
                ByteBuffer value = column.encode(record, protocol);
                if (value == null) {
                    return null;
                }
                values.add(value);
            }
            return values;
        }
    }
}
