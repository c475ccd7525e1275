package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.function.ThrowingSupplier;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/**
 * CSV files as sources and sinks. {@link CsvTable} makes tables of them.
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

    /**
     * A sink that adds a row for each record to a file. What it writes, {@link #source(Path, Class)} reads back as it
     * was: UTF-8, quotes only where they are needed, {@code ""} for an empty text and nothing for {@code null}.
     * {@link CsvSink} has options for other forms.
     *
     * <p><b>Acknowledged</b> is a batch when its rows are in the file and the file is forced to the device, which takes
     * milliseconds; larger batches make fewer of them. Batches are written one at a time, on threads for what blocks. A
     * batch is one write, and if that fails it is taken back. Rows of records that come again after a failure or a
     * restart are in the file twice.
     *
     * <p><b>The file</b> is created with a header, if there is none or an empty one. Else it is read once, before the
     * pipeline runs and on the thread that starts it, as {@link #source(Path, Class)} reads it, and the pipeline does
     * not start unless its header has the components of the record in their order, and a source would come to its end.
     * A last row without its line end, or with its quote open, is taken for one that was torn when a process died: it
     * is moved to a file beside, {@code name.torn-1} or the next number, with a warning; whole rows never are. If the
     * file is moved away or deleted while the pipeline runs, a new one is begun. One sink at a time writes a file: a
     * second one does not open, as far as the file system has locks.
     *
     * <p><b>When it cannot be written</b> at the start, because the directory is missing, the path is a directory, or
     * the right is missing, the pipeline does not start. Later that is waited for, as is a disk that is full. A record
     * that cannot be read back is refused: a value of a type that has no such text, such as NaN, half of a surrogate
     * pair, or a row of more than 1,048,576 characters.
     *
     * @throws IllegalArgumentException if a component has a type that text does not convert to, if the record is not
     *     accessible, or if the file is named {@code .gz}: what is appended is not packed
     */
    public static <T extends Record> CsvSink<T> appending(Path file, Class<T> type) {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(type, "type");
        return new CsvSink<>(CsvFormat.DEFAULT, format -> new AppendingSink<>(file, new CsvLineFormat<>(type, format)));
    }

    /**
     * A sink that replaces a file by each snapshot: a collection of rows, which is written whole, header and all, in
     * the order of its iterator. A reader sees the former snapshot or this one, and never a part of either: it is
     * written under another name in the same directory ({@code .name.….tmp}, removed at the next start where a process
     * died), forced to the device, and given its name in one step. Acknowledged is a snapshot when that is done, or
     * when a later one of its batch has taken its place. The rows are as of {@link #appending}; a file named
     * {@code .gz} is packed by gzip. A file that is replaced passes on its permissions, but not its owner.
     *
     * <p>The last snapshot to arrive stays: where several partitions make them, merge them first. A snapshot with a row
     * that is refused is refused as a whole, and the former one stays in place. At the start it is tried whether the
     * file could be written; later, that it cannot is waited for. The collection must not change any more. After a
     * restart the file is as it was until the first snapshot arrives.
     *
     * @throws IllegalArgumentException as of {@link #appending}
     */
    public static <T extends Record> CsvSink<Collection<? extends T>> replacing(Path file, Class<T> type) {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(type, "type");
        return new CsvSink<>(
                CsvFormat.DEFAULT, format -> LineSnapshots.replacing(file, new CsvLineFormat<>(type, format)));
    }

    private static <T> CsvSource<T> source(FileInputs input, RowMapper<T> mapper) {
        return new CsvSource<>(input, CsvFormat.DEFAULT, mapper);
    }
}
