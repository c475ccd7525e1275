package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A CSV file to look up in: {@code CsvTable.of(path, Movie.class).keyedBy(Movie::title)}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <V> type of the rows
 */
public final class CsvTable<V> {

    private final CsvSource<V> source;

    private CsvTable(CsvSource<V> source) {
        this.source = source;
    }

    /** A table of a file with a header, whose rows are records as {@link Csv#source(Path, Class)} has them. */
    public static <V extends Record> CsvTable<V> of(Path file, Class<V> type) {
        return of(Csv.source(file, type));
    }

    /** A table of all the rows of a source. */
    public static <V> CsvTable<V> of(CsvSource<V> source) {
        return new CsvTable<>(Objects.requireNonNull(source, "source"));
    }

    /**
     * Says what to look rows up by.
     *
     * @param key called for each row when the table is loaded; a row for which it throws or answers {@code null} is
     *     refused
     */
    public <K> KeyedCsvTable<K, V> keyedBy(ThrowingFunction<? super V, ? extends K> key) {
        return new KeyedCsvTable<>(source, Objects.requireNonNull(key, "key"), Duplicates.REFUSE, false);
    }
}
