package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The columns of a table of states. */
final class StateColumns {

    private static final CqlIdentifier LIFETIME = CqlIdentifier.fromInternal("default_time_to_live");

    private StateColumns() {}

    private record Expected(CqlIdentifier name, DataType type) {

        static Expected of(String name, DataType type) {
            return new Expected(CqlIdentifier.fromInternal(name), type);
        }
    }

    private static final List<Expected> PARTITION_KEY = List.of(
            Expected.of("pipeline", DataTypes.TEXT),
            Expected.of("stage", DataTypes.TEXT),
            Expected.of("partition", DataTypes.TEXT));
    private static final List<Expected> CLUSTERING = List.of(Expected.of("key", DataTypes.BLOB));
    private static final List<Expected> VALUES =
            List.of(Expected.of("position", DataTypes.BIGINT), Expected.of("state", DataTypes.BLOB));

    /** What makes up the partition key, in its order. */
    static List<CqlIdentifier> place() {
        return names(PARTITION_KEY);
    }

    /** What is read of a partition, in the order of {@link StoredStates}. */
    static List<CqlIdentifier> row() {
        List<CqlIdentifier> row = new ArrayList<>(names(CLUSTERING));
        row.addAll(names(VALUES));
        return row;
    }

    private static List<CqlIdentifier> names(List<Expected> columns) {
        return columns.stream().map(Expected::name).toList();
    }

    /** @throws IllegalArgumentException with all that keeps the table from being one of states */
    static void check(TableName name, TableMetadata table) {
        List<String> problems = new ArrayList<>();
        for (List<Expected> columns : List.of(PARTITION_KEY, CLUSTERING, VALUES)) {
            columns.forEach(column -> checkColumn(column, table, problems));
        }
        String key = primaryKey(names(PARTITION_KEY), names(CLUSTERING));
        String found = primaryKey(
                table.getPartitionKey().stream().map(ColumnMetadata::getName).toList(),
                table.getClusteringColumns().keySet().stream()
                        .map(ColumnMetadata::getName)
                        .toList());
        if (!found.equals(key)) {
            problems.add("its primary key must be " + key + ", got " + found);
        }
        if (table.getOptions().get(LIFETIME) instanceof Integer seconds && seconds != 0) {
            problems.add("its default_time_to_live must be 0, got " + seconds + ": states would be gone");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("table " + name + " cannot keep states: " + String.join("; ", problems));
        }
    }

    private static void checkColumn(Expected expected, TableMetadata table, List<String> problems) {
        ColumnMetadata column = table.getColumn(expected.name).orElse(null);
        String wanted = expected.name.asCql(true) + " " + type(expected.type);
        if (column == null) {
            problems.add("it has no column " + wanted);
        } else if (!column.getType().equals(expected.type)) {
            problems.add("it must have a column " + wanted + ", got " + type(column.getType()));
        } else if (column.isStatic()) {
            problems.add("column " + wanted + " must not be static");
        }
    }

    private static String type(DataType type) {
        return type.asCql(false, true);
    }

    private static String primaryKey(List<CqlIdentifier> partitionKey, List<CqlIdentifier> clustering) {
        String first = "(" + list(partitionKey) + ")";
        return "(" + (clustering.isEmpty() ? first : first + ", " + list(clustering)) + ")";
    }

    private static String list(Collection<CqlIdentifier> names) {
        return String.join(", ", names.stream().map(name -> name.asCql(true)).toList());
    }
}
