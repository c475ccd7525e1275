package dev.millrace.parquet;

import dev.millrace.pipeline.spi.ResumedSource;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.StateStore;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file, to its end. What each row becomes is said by {@link Parquet}.
 *
 * <p><b>Memory.</b> The file is never in memory as a whole, but one of its row groups is, packed, as Parquet has it,
 * and one page of each column that is read, unpacked: of at most 512 MiB, where most programs that write Parquet make
 * pages of about 1 MiB.
 *
 * <p><b>Opening</b> fails with one line if the file is missing, is no Parquet file or is cut off, lacks a column, has
 * one of another type, or says of columns that they lie beyond its end. Numbers of a column may be of a smaller type
 * than the component: {@code int} becomes {@code long} or {@code double}. A column that may be empty needs a component
 * that may be {@code null}; other programs often write all columns so.
 *
 * <p><b>Rows cannot be refused</b> one by one: one that cannot be read, because the file is damaged, a page is too
 * large, an enum lacks the name, or the record's constructor throws, ends the pipeline in FAILED with file and row,
 * once those before it are delivered.
 *
 * <p><b>Position.</b> The file is one partition, named like the file, and the offset is the number of the row, from 0
 * on. Records have neither key nor time. Each start begins at the beginning, unless the {@linkplain #positionKeptIn
 * position is kept}. Of several files, see {@link #glob}, each is a partition.
 *
 * <p><b>Threads.</b> The pipeline's source loop reads, unpacks and makes the records.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the rows
 */
public final class ParquetSource<T extends Record> implements Source<T> {

    private final RawParquet<T> raw;
    private final @Nullable StateStore positions;

    ParquetSource(RawParquet<T> raw, @Nullable StateStore positions) {
        this.raw = raw;
        this.positions = positions;
    }

    /**
     * Reads, where the path is that of a directory, the files in it whose names match: {@code Parquet.source(directory,
     * Movie.class).glob("*.parquet")}. They are looked for when the pipeline starts, and read one after the other,
     * sorted by name. Each is a partition, named like the file, with its directory where that is a deeper one. Files
     * whose names begin with a dot are left out; that none matches fails as a missing file does. A later file that
     * cannot be read ends the pipeline in FAILED when its turn comes.
     *
     * @param pattern as of {@link java.nio.file.FileSystem#getPathMatcher}; {@code **} goes into deeper directories
     */
    public ParquetSource<T> glob(String pattern) {
        return new ParquetSource<>(raw.matching(pattern), positions);
    }

    /**
     * Goes on after a restart behind the rows that were done: {@code positionKeptIn(StateDirectory.at(directory))}. The
     * file is read from its beginning, and rows that are done are passed over. What had not been committed comes again,
     * which is nothing after a good end. The file may be written anew with more rows behind these, packed and grouped
     * in any way, and files may be added to the glob; but if the rows that are done are not what they were, in number,
     * order or value, the pipeline ends in FAILED rather than pass over what it has not seen. All else is as of
     * {@link ResumedSource}.
     *
     * <p>A row is what the components of its record hold: columns that no component takes may change. With a component
     * more or less, or a constructor that makes something else of the same columns, it is another row.
     *
     * @param store keeps the position, under the names of the pipeline and this stage
     */
    public ParquetSource<T> positionKeptIn(StateStore store) {
        return new ParquetSource<>(raw, Objects.requireNonNull(store, "store"));
    }

    @Override
    public Source<T> unwrapped() {
        return positions == null ? raw : ResumedSource.of(raw, positions, raw.rows()::identity);
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        return unwrapped().open(context);
    }

    @Override
    public String describe() {
        return unwrapped().describe();
    }

    @Override
    public String toString() {
        return "ParquetSource[" + raw.place() + "]";
    }
}
