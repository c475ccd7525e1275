package dev.millrace.files;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a CSV file as text, and the line on which it begins.
 *
 * <p>Immutable and thread-safe.
 */
public final class CsvRow {

    private final String file;
    private final long line;
    private final Map<String, Integer> indexes;
    private final List<String> fields;

    CsvRow(String file, long line, Map<String, Integer> indexes, List<String> fields) {
        this.file = file;
        this.line = line;
        this.indexes = indexes;
        this.fields = fields;
    }

    /** The line of the file on which the row begins, the first being 1. */
    public long line() {
        return line;
    }

    /** How many fields the row has. */
    public int size() {
        return fields.size();
    }

    /** The fields as they are, quotes taken off. */
    public List<String> fields() {
        return fields;
    }

    /**
     * The field of the column of that number, the first being 0.
     *
     * @throws RefusedRecordException if the row is too short for it
     */
    public String get(int column) {
        if (column < 0 || column >= fields.size()) {
            throw refused("must have a column " + (column + 1) + ", it has " + fields.size() + " columns", null);
        }
        return fields.get(column);
    }

    /**
     * The field of the column of that name.
     *
     * @throws RefusedRecordException if the row is too short for it
     * @throws IllegalArgumentException if the file has no such column
     */
    public String get(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            throw new IllegalArgumentException(file + " has no column '" + column + "'; it has " + indexes.keySet());
        }
        return get(index);
    }

    RefusedRecordException refused(String requirement, @Nullable Throwable cause) {
        return new RefusedRecordException(place() + " " + requirement, cause);
    }

    String place() {
        return file + " line " + line;
    }

    /** File and line; no field. */
    @Override
    public String toString() {
        return place();
    }
}
