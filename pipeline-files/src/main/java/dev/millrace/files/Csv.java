package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Rows of CSV files as RFC 4180 has them, parsed by Commons CSV: a source of them here, a table to look up in at
 * {@link CsvTable}.
 */
public final class Csv {

    private Csv() {}

    /**
     * Rows as records of the given type, each component from the column of its name. {@code releaseYear} takes the
     * column {@code releaseYear}, {@code release_year} or {@code Release Year}. An empty field is {@code null}, and
     * refused for a primitive.
     *
     * <p>Components may be strings, numbers (primitive, boxed, {@code BigDecimal}, {@code BigInteger}), booleans
     * ({@code true} or {@code false}), enums by name, {@code LocalDate}, {@code LocalDateTime} and {@code Instant} in
     * ISO form.
     *
     * @param file gunzipped on the way if its name ends in {@code .gz}
     * @throws IllegalArgumentException if the record has a component of another type
     */
    public static <T extends Record> CsvSource<T> source(Path file, Class<T> type) {
        return new CsvSource<>(CsvFormat.of(CsvInput.file(file)), RecordRows.of(type));
    }

    /**
     * Rows as whatever the function makes of them; a row for which it throws is refused.
     *
     * @param file gunzipped on the way if its name ends in {@code .gz}
     * @param function must be thread-safe: workers call it
     */
    public static <T> CsvSource<T> source(Path file, ThrowingFunction<CsvRow, ? extends T> function) {
        return new CsvSource<>(CsvFormat.of(CsvInput.file(file)), RowFunction.of(function));
    }

    /** As {@link #source(Path, Class)}, of a resource that lies beside a class. */
    public static <T extends Record> CsvSource<T> resource(Class<?> beside, String name, Class<T> type) {
        Objects.requireNonNull(beside, "beside");
        CsvInput input = new CsvInput(name, () -> {
            InputStream stream = beside.getResourceAsStream(name);
            if (stream == null) {
                throw new FileNotFoundException("there is no resource '" + name + "' beside " + beside.getName());
            }
            return stream;
        });
        return new CsvSource<>(CsvFormat.of(input), RecordRows.of(type));
    }
}
