package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** How keys are given, before any table is known. */
sealed interface LookupKey {

    static LookupKey column(String name) {
        return new OneColumn(Objects.requireNonNull(name, "column"));
    }

    static LookupKey record(Class<?> type) {
        return new Components(RecordMapping.of(type));
    }

    /** @throws IllegalArgumentException if the key is not one of the table's */
    default KeyEncoder fit(TableName name, TableMetadata table, CqlSession session) {
        KeyEncoder encoder = fit(
                name,
                table,
                session.getContext().getCodecRegistry(),
                session.getContext().getProtocolVersion());
        Set<CqlIdentifier> given = new HashSet<>(encoder.columns());
        if (!given.equals(names(table.getPartitionKey())) && !given.equals(names(table.getPrimaryKey()))) {
            throw new IllegalArgumentException("key must be the partition key "
                    + table.getPartitionKey().stream()
                            .map(column -> column.getName().asCql(true))
                            .toList()
                    + " or the primary key "
                    + table.getPrimaryKey().stream()
                            .map(column -> column.getName().asCql(true))
                            .toList() + " of table " + name + ", got "
                    + encoder.columns().stream()
                            .map(column -> column.asCql(true))
                            .toList());
        }
        return encoder;
    }

    /** Does not check which columns make up the key. */
    KeyEncoder fit(TableName name, TableMetadata table, CodecRegistry registry, ProtocolVersion protocol);

    private static Set<CqlIdentifier> names(List<ColumnMetadata> columns) {
        Set<CqlIdentifier> names = new HashSet<>();
        columns.forEach(column -> names.add(column.getName()));
        return names;
    }

    /** The key's only column, of whatever type. */
    record OneColumn(String column) implements LookupKey {

        @Override
        public KeyEncoder fit(TableName name, TableMetadata table, CodecRegistry registry, ProtocolVersion protocol) {
            ColumnMetadata found = table.getColumn(CqlIdentifier.fromInternal(column))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "key must be a column of table " + name + " " + names(table) + ", got '" + column + "'"));
            return KeyEncoder.single(found, registry, protocol);
        }

        private static List<String> names(TableMetadata table) {
            return table.getColumns().keySet().stream()
                    .map(known -> known.asCql(true))
                    .toList();
        }
    }

    /** A record's components. */
    record Components(RecordMapping<?> mapping) implements LookupKey {

        @Override
        public KeyEncoder fit(TableName name, TableMetadata table, CodecRegistry registry, ProtocolVersion protocol) {
            return KeyEncoder.ofRecord(mapping.fit(name, table, registry, List.of()), protocol);
        }
    }
}
