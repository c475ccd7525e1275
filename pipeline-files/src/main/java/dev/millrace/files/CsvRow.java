package dev.millrace.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of a CSV file as it stands: what a row function reads, and what a dead letter holds.
 *
 * <p>Immutable and thread-safe.
 */
public final class CsvRow {

    private static final char END = '\u001f';
    private static final char NOTHING = '\u0000';

    private final String file;
    private final Columns columns;
    private final long line;
    private final @Nullable String absent;
    private final @Nullable String[] values;
    private final @Nullable String problem;

    /**
     * A row.
     *
     * @param absent the text that stands for no value, besides no text at all
     */
    CsvRow(
            String file,
            Columns columns,
            long line,
            @Nullable String absent,
            @Nullable String[] values,
            @Nullable String problem) {
        this.file = file;
        this.columns = columns;
        this.line = line;
        this.absent = absent;
        this.values = values;
        this.problem = problem;
    }

    /**
     * The text in a column, empty where there is none or one that stands for none.
     *
     * @param column its name, just as the header has it
     * @throws dev.millrace.pipeline.spi.RefusedRecordException if there is no such column
     */
    public String get(String column) {
        return text(index(column));
    }

    /**
     * The text in a column, empty where there is none or one that stands for none.
     *
     * @param index from 0 on
     * @throws dev.millrace.pipeline.spi.RefusedRecordException if there is no such column
     */
    public String get(int index) {
        if (index < 0 || index >= values.length) {
            throw new RefusedRowException(this, "there is no column " + (index + 1));
        }
        return text(index);
    }

    private String text(int index) {
        String text = present(index);
        return text == null ? "" : text;
    }

    private @Nullable String present(int index) {
        String text = values[index];
        return text == null || text.equals(absent) ? null : text;
    }

    /**
     * The text in a column as a value of one of the types that {@link Csv} names.
     *
     * @return the value, or {@code null} where there is none: nothing at all stands there, or for anything but a
     *     {@code String} nothing but quotes
     * @throws dev.millrace.pipeline.spi.RefusedRecordException if there is no such column, or it holds something else;
     *     what it holds is not told
     * @throws IllegalArgumentException if the type is not one of those
     */
    public <V> @Nullable V get(String column, Class<V> type) {
        Conversion conversion = Conversion.to(type);
        int index = index(column);
        @SuppressWarnings("unchecked") // int.class is a Class<Integer>, too
        V value = (V) convert(index, conversion);
        return value;
    }

    private int index(String column) {
        int index = columns.indexOf(Objects.requireNonNull(column, "column"));
        if (index < 0 || index >= values.length) {
            throw new RefusedRowException(this, "there is no column '" + column + "'");
        }
        return index;
    }

    @Nullable
    Object convert(int index, Conversion conversion) {
        String text = present(index);
        if (text == null) {
            return null;
        }
        Object value = conversion.convert(text);
        if (value == null && !text.isEmpty()) {
            throw new RefusedRowException(this, columns.label(index) + " " + conversion.requirement());
        }
        return value;
    }

    /** The number of the line that the row begins in; the first line of the file is 1. */
    public long line() {
        return line;
    }

    /** The name of the file, less its directory. */
    public String file() {
        return file;
    }

    /** The names of the columns, in order; none if they have no names. */
    public List<String> columns() {
        return columns.names();
    }

    /**
     * The texts as they stand, in order, also those that stand for no value. Of a row that could not be split because
     * of a stray quote, the whole line; of one that is too long, its beginning.
     */
    public List<String> values() {
        return Arrays.stream(values).map(text -> text == null ? "" : text).toList();
    }

    Columns header() {
        return columns;
    }

    /** What tells it from another row in its place. It is compared with what earlier versions have kept. */
    byte[] identity() {
        StringBuilder all = new StringBuilder(size());
        for (String value : values) {
            all.append(value == null ? "" : value).append(value == null ? NOTHING : END);
        }
        return all.toString().getBytes(UTF_8);
    }

    @Nullable
    String problem() {
        return problem;
    }

    /** About as many bytes as the row has in the file. */
    int size() {
        int size = values.length;
        for (String value : values) {
            size += value == null ? 0 : value.length();
        }
        return size;
    }

    /** The place only, such as {@code catalogue.csv line 17}: the values are payload. */
    @Override
    public String toString() {
        return file + " line " + line;
    }
}
