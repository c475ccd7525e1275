package dev.millrace.parquet;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A reader and writer of Parquet that has nothing in common with ours: DuckDB, in C++. */
final class DuckDb {

    private DuckDb() {}

    /** The rows of a query as text, in UTC; {@code $} in it stands for the path. */
    static List<List<String>> query(String sql, Path path) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql.replace("$", "'" + path + "'"))) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    static void run(String sql, Path path) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql.replace("$", "'" + path + "'"));
        }
    }
}
