package dev.millrace.examples.weather;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
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
        return IntStream.range(0, data.size())
                .mapToObj(row -> {
                    if (!(at(row, name) instanceof String city)) {
                        throw new IllegalArgumentException("row " + row + ": Name must be a text");
                    }
                    if (!(at(row, speed) instanceof Number wind)) {
                        throw new IllegalArgumentException("row " + row + ": WindSpeed must be a number");
                    }
                    Object land = at(row, country);
                    if (land != null && !(land instanceof String)) {
                        throw new IllegalArgumentException("row " + row + ": Country must be a text or null");
                    }
                    return new Wind(city, (String) land, wind.doubleValue());
                })
                .toList();
    }

    private @Nullable Object at(int row, int column) {
        List<@Nullable Object> values = data.get(row);
        if (values.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "row " + row + ": must have " + columns.size() + " values, got " + values.size());
        }
        return values.get(column);
    }

    private int column(String name) {
        int index = columns.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("columns must contain " + name + ", got " + columns.size() + " others");
        }
        return index;
    }
}
