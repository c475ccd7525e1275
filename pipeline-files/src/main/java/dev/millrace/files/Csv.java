package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.function.ThrowingSupplier;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * CSV files as sources. {@link CsvTable} makes tables of them.
 *
 * <p><b>Records.</b> A row becomes a record by its canonical constructor. A component takes the column of its name;
 * failing that, the one whose name is the same but for case, {@code _}, {@code -} and blanks, so that
 * {@code releaseYear} takes {@code release_year}. Columns that no component takes do not matter. A component may be a
 * {@code String}, any primitive but {@code byte} and {@code char}, or the object it boxes to; a {@code BigDecimal},
 * {@code BigInteger}, {@code LocalDate}, {@code LocalDateTime}, {@code Instant} (UTC where the text gives no offset),
 * {@code UUID} or enum (case, {@code _}, {@code -} and blanks may differ); or an {@code Optional} of these. Where a
 * column is empty, a primitive refuses the row and anything else is {@code null}, or the empty {@code Optional}; but
 * where {@code ""} stands in it, a {@code String} is empty. The record need not be public; in a module, its package
 * must be open to {@code dev.millrace.files} unless both are public.
 *
 * <p><b>Functions.</b> A row function is called by several threads at once. A row for which it throws, or returns null,
 * is refused.
 */
public final class Csv {

    private Csv() {}

    /**
     * The rows of a file as records.
     *
     * @throws IllegalArgumentException if a component has a type that text does not convert to, or if the record is not
     *     accessible
     */
    public static <T extends Record> CsvSource<T> source(Path file, Class<T> type) {
        return source(FileInput.of(file), new RecordMapper<>(Objects.requireNonNull(type, "type")));
    }

    /** The rows of a file by a function. */
    public static <T> CsvSource<T> source(Path file, ThrowingFunction<? super CsvRow, ? extends T> rowFunction) {
        return source(FileInput.of(file), new FunctionMapper<>(Objects.requireNonNull(rowFunction, "rowFunction")));
    }

    /**
     * The rows of a resource as records.
     *
     * @param neighbour a class beside the resource; in a module, their package must be open to
     *     {@code dev.millrace.files}
     * @param name name of the resource
     * @throws IllegalArgumentException as of {@link #source(Path, Class)}
     */
    public static <T extends Record> CsvSource<T> resource(Class<?> neighbour, String name, Class<T> type) {
        return source(
                FileInput.resource(neighbour, Objects.requireNonNull(name, "name")),
                new RecordMapper<>(Objects.requireNonNull(type, "type")));
    }

    /**
     * The rows of whatever can be opened as a stream, as records.
     *
     * @param name what messages call it
     * @param opener called anew each time the rows are read; may block; the stream is closed after it
     * @throws IllegalArgumentException as of {@link #source(Path, Class)}
     */
    public static <T extends Record> CsvSource<T> stream(
            String name, ThrowingSupplier<? extends InputStream> opener, Class<T> type) {
        return source(FileInput.of(name, opener), new RecordMapper<>(Objects.requireNonNull(type, "type")));
    }

    /** As {@link #stream(String, ThrowingSupplier, Class)}, by a function. */
    public static <T> CsvSource<T> stream(
            String name,
            ThrowingSupplier<? extends InputStream> opener,
            ThrowingFunction<? super CsvRow, ? extends T> rowFunction) {
        return source(
                FileInput.of(name, opener), new FunctionMapper<>(Objects.requireNonNull(rowFunction, "rowFunction")));
    }

    private static <T> CsvSource<T> source(FileInputs input, RowMapper<T> mapper) {
        return new CsvSource<>(input, CsvFormat.DEFAULT, mapper);
    }
}
