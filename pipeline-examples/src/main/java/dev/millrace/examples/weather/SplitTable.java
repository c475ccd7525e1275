package dev.millrace.examples.weather;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows as pandas writes them with {@code orient="split"}: the names of the columns once, then the values of each row.
 */
public record SplitTable(List<String> columns, List<List<@Nullable Object>> data) {

    private static final List<String> COLUMNS = List.of("Name", "Country", "WindSpeed");

    /** Refuses a message that lacks either. */
    public SplitTable {
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(data, "data");
    }

    static SplitTable of(List<Wind> rows) {
        return new SplitTable(
                COLUMNS,
                rows.stream()
                        .map(row -> Arrays.<@Nullable Object>asList(row.city(), row.country(), row.windspeed()))
                        .toList());
    }

    /** The rows, whatever the order of the columns; further columns do not matter. */
    List<Wind> rows() {
        int name = column("Name");
        int country = column("Country");
        int speed = column("WindSpeed");
        return data.stream()
                .map(row -> new Wind(
                        (String) Objects.requireNonNull(row.get(name), "Name"),
                        (String) row.get(country),
                        ((Number) Objects.requireNonNull(row.get(speed), "WindSpeed")).doubleValue()))
                .toList();
    }

    private int column(String name) {
        int index = columns.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("columns must contain " + name + ", got " + columns.size() + " others");
        }
        return index;
    }
}
