package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements there are. Their text is made of names alone, quoted and known to the cluster; columns are listed,
 * since a {@code *} in a prepared statement does not survive a change of the table.
 */
final class Cql {

    private Cql() {}

    /** The write timestamp is the last value to bind. */
    static SimpleStatement insert(TableName table, List<CqlIdentifier> columns, @Nullable Duration ttl) {
        return SimpleStatement.newInstance("INSERT INTO " + table.asCql() + " (" + joined(columns, ", ", "")
                + ") VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ") USING TIMESTAMP ?"
                + (ttl == null ? "" : " AND TTL " + ttl.toSeconds()));
    }

    static SimpleStatement select(TableName table, List<CqlIdentifier> columns, List<CqlIdentifier> key) {
        return SimpleStatement.newInstance(selectText(table, columns, key) + " LIMIT 1");
    }

    static SimpleStatement selectAll(TableName table, List<CqlIdentifier> columns, List<CqlIdentifier> key) {
        return SimpleStatement.newInstance(selectText(table, columns, key));
    }

    /** Of each partition the first row, or all. */
    static SimpleStatement scan(TableName table, List<CqlIdentifier> columns, boolean isOnePerPartition) {
        return SimpleStatement.newInstance("SELECT " + joined(columns, ", ", "") + " FROM " + table.asCql()
                + (isOnePerPartition ? " PER PARTITION LIMIT 1" : ""));
    }

    private static String selectText(TableName table, List<CqlIdentifier> columns, List<CqlIdentifier> key) {
        return "SELECT " + joined(columns, ", ", "") + " FROM " + table.asCql() + " WHERE "
                + joined(key, " AND ", " = ?");
    }

    private static String joined(List<CqlIdentifier> names, String separator, String suffix) {
        return String.join(
                separator,
                names.stream().map(name -> name.asCql(false) + suffix).toList());
    }
}
