package dev.millrace.parquet;

import dev.millrace.files.internal.ReplacingSink;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;

/**
 * Parquet files as sources and sinks.
 *
 * <p><b>Records.</b> A row is a record, and a column is a component of its name. A component may be a {@code String}, a
 * primitive other than {@code char}, or the object it boxes to; an {@code Instant}, {@code LocalDate},
 * {@code LocalTime} or {@code LocalDateTime}; a {@code UUID}, an enum (as its name), a record, or a {@code List} of
 * objects of these types. Times are kept to the microsecond. Columns of primitives are never empty; in others, nothing
 * stands for {@code null}. Records need not be public; but in a module they must be, and in a package that is exported
 * or open.
 *
 * <p><b>Files</b> are written in the form that other readers know best: lists in three levels, times as numbers of
 * microseconds, of which {@code Instant} is in UTC.
 *
 * <p><b>Warnings.</b> Where {@link Compression#SNAPPY} or {@link Compression#ZSTD} is chosen or read, Java 24 and newer
 * warn of native libraries, unless {@code --enable-native-access=ALL-UNNAMED} is passed.
 */
public final class Parquet {

    static {
        // On the module path: what we use has to stay on the class path, see module-info.
        Module module = Parquet.class.getModule();
        module.addReads(Parquet.class.getClassLoader().getUnnamedModule());
    }

    private Parquet() {}

    /**
     * The rows of a file as records; of several files by {@link ParquetSource#glob}.
     *
     * @throws IllegalArgumentException if a component has a type that is not named above, or if the record is not
     *     accessible
     */
    public static <T extends Record> ParquetSource<T> source(Path file, Class<T> type) {
        return new ParquetSource<>(
                new RawParquet<>(Objects.requireNonNull(file, "file"), null, RowType.of(type)), null);
    }

    /**
     * A sink that adds files of rows to a directory. A Parquet file ends in its table of contents, so nothing can be
     * added to one: each batch becomes a file for each partition that it has records of, named
     * {@code partition-first-last.parquet} by the offsets. Have batches large, as by
     * {@code with().batch(BatchPolicy.of(50_000, Duration.ofSeconds(30)))}: by default there are many small files.
     *
     * <p><b>Acknowledged</b> is a batch when its files are there under their names and forced to the device. Readers of
     * {@code *.parquet} see whole files only: a file is written under another name ({@code .name.….tmp}, removed at the
     * next start where a process died) and given its own in one step.
     *
     * <p><b>Each row once.</b> A row that comes again is left out where a file of this directory has it: an equal row,
     * of a record of the same partition, offset and time, written by a stage of the same name in a pipeline of the same
     * name. The files themselves say so, in notes in their footers, so that it does not matter which process wrote
     * them, whether batches come again with other bounds, or which records a filter or {@code flatMap} left of an
     * offset. What is not certain is written:
     *
     * <ul>
     *   <li>records that have no time, such as those of files: after a restart they are there twice;
     *   <li>rows that differ from the former ones, because functions, tables or the type have changed meanwhile;
     *   <li>rows whose stage or pipeline has been renamed, or whose files have been moved away or merged by others;
     *   <li>where a process goes on, a partition that had been taken from it comes back to it, and the first record
     *       that comes again is the last one that was written.
     * </ul>
     *
     * <p>If one record becomes several rows that are equal, all are written, as long as the stage keeps the order of
     * partitions, which it does by default.
     *
     * <p><b>Several instances</b> may write to one directory, one at a time: they lock a file in it
     * ({@code .millrace.lock}), as far as the file system has locks.
     *
     * <p><b>When nothing can be written</b> at the start, because the directory cannot be created in an existing one,
     * or the right is missing, the pipeline does not start. Later that is waited for, as is a disk that is full. A row
     * that cannot be read back is refused: half of a surrogate pair, or a time that is too far away.
     *
     * @throws IllegalArgumentException as of {@link #source}
     */
    public static <T extends Record> ParquetSink<T> appending(Path directory, Class<T> type) {
        Objects.requireNonNull(directory, "directory");
        RowType<T> rows = RowType.of(type);
        return new ParquetSink<>(
                Compression.GZIP,
                compression -> new AppendingSink<>(directory, new RowWriter<>(rows, compression, Map.of())));
    }

    /**
     * A sink that replaces a file by each snapshot: a collection of rows, which is written whole, in the order of its
     * iterator. A reader sees the former snapshot or this one, and never a part of either: it is written under another
     * name in the same directory ({@code .name.….tmp}, removed at the next start where a process died), forced to the
     * device, and given its name in one step. Acknowledged is a snapshot when that is done, or when a later one of its
     * batch has taken its place. A file that is replaced passes on its permissions, but not its owner.
     *
     * <p>The last snapshot to arrive stays: where several partitions make them, merge them first. A snapshot with a row
     * that is refused, see {@link #appending}, is refused as a whole, and the former one stays in place. At the start
     * it is tried whether the file could be written; later, that it cannot is waited for. The collection must not
     * change any more. After a restart the file is as it was until the first snapshot arrives.
     *
     * @throws IllegalArgumentException as of {@link #source}
     */
    public static <T extends Record> ParquetSink<Collection<? extends T>> replacing(Path file, Class<T> type) {
        Objects.requireNonNull(file, "file");
        RowType<T> rows = RowType.of(type);
        return new ParquetSink<>(
                Compression.GZIP,
                compression -> new ReplacingSink<>(file, "Parquet file", new RowSnapshots<>(rows, compression)));
    }
}
