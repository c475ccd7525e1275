package dev.millrace.cassandra;

import java.util.Objects;

/**
 * A table to look rows up in; made by {@link Cassandra#table}. A row becomes a record whose components are named as the
 * columns; other columns are not read.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <V> type of the records
 */
public final class CassandraTable<V> {

    private final Cassandra cassandra;
    private final TableName table;
    private final RecordMapping<V> mapping;

    CassandraTable(Cassandra cassandra, TableName table, RecordMapping<V> mapping) {
        this.cassandra = cassandra;
        this.table = table;
        this.mapping = mapping;
    }

    /**
     * Fills a component from a column of another name, exactly as the table has it. By default {@code loginId} is read
     * from {@code login_id}, or from a column {@code "loginId"} if only that exists.
     *
     * @throws IllegalArgumentException if the record has no such component
     */
    public CassandraTable<V> column(String component, String column) {
        return new CassandraTable<>(
                cassandra, table, mapping.column(component, Objects.requireNonNull(column, "column")));
    }

    /**
     * Looks up by a partition key, or primary key, of this one column. Where a partition has several rows, the first in
     * clustering order is the answer. A key is of the type that the column takes, an enum or a {@code byte[]} included;
     * one of another type is refused.
     *
     * @param column exactly as the table has it
     */
    public CassandraLookup<Object, V> keyedBy(String column) {
        return new CassandraLookup<>(cassandra, table, mapping, LookupKey.column(column));
    }

    /**
     * Looks up by a key of several columns: the partition key, or the whole primary key. Where a partition has several
     * rows, the first in clustering order is the answer.
     *
     * @param key a record whose components are named as the columns of the key
     * @throws IllegalArgumentException if the record cannot be accessed
     */
    public <K extends Record> CassandraLookup<K, V> keyedBy(Class<K> key) {
        return new CassandraLookup<>(cassandra, table, mapping, LookupKey.record(key));
    }

    @Override
    public String toString() {
        return "cassandra " + table;
    }
}
