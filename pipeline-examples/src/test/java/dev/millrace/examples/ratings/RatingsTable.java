package dev.millrace.examples.ratings;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads the table with the plain driver. */
final class RatingsTable {

    static final List<String> COLUMNS = List.of(
            "user_name",
            "rating_timestamp",
            "movie_name",
            "director",
            "country",
            "release_year",
            "rating_category",
            "duration",
            "show_id",
            "rating");

    private RatingsTable() {}

    static Set<String> rows(CqlSession session) {
        Set<String> rows = new TreeSet<>();
        for (Row row : session.execute("SELECT " + String.join(", ", COLUMNS) + " FROM netflix.ratings")) {
            rows.add(String.join(
                    "|",
                    COLUMNS.stream()
                            .map(column -> String.valueOf(row.getObject(column)))
                            .toList()));
        }
        return rows;
    }
}
