package dev.millrace.files;

import dev.millrace.files.internal.Items;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.ResumedSource;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.StateStore;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file, to its end. What each row becomes is said where the source is made, by {@link Csv}.
 *
 * <p><b>Form.</b> RFC 4180: values may be in quotes, a quote within is doubled, and line ends of any kind may stand
 * within quotes. Blank lines are passed over, a byte order mark is skipped, and what is packed by gzip is unpacked,
 * whatever its name. The file is never in memory as a whole. See {@link #tabSeparated} for TSV.
 *
 * <p><b>Refused rows.</b> A row that has another number of columns than the header, a value that does not convert,
 * bytes that are no text in the file's charset, a stray quote or too much text is a failed record of its own: the
 * stage's failure policy decides, reading goes on, the reason names the line, such as {@code catalogue.csv line 17:
 * column 'release_year' must be a whole number}, and the dead letter holds the {@link CsvRow}. Only where a stray quote
 * has swallowed line ends, so that rows cannot be told from the inside of a value, the pipeline ends in FAILED.
 *
 * <p><b>Opening</b> fails with one line if the file is missing, if the header has a blank name or the same name twice,
 * or if it lacks a column.
 *
 * <p><b>Position.</b> The file is one partition, named like the file, and the offset is the number of the row, from 0
 * on; neither header nor blank lines count. Records have no key. Each start begins at the beginning, unless the
 * {@linkplain #positionKeptIn position is kept}. Of several files, see {@link #glob}, each is a partition.
 *
 * <p><b>Threads.</b> The pipeline's source loop reads, unpacks and splits the rows; its workers make what they become,
 * several at once.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the values
 */
public final class CsvSource<T> implements Source<T> {

    private final FileInputs input;
    private final CsvFormat format;
    private final RowMapper<T> mapper;
    private final @Nullable StateStore positions;

    CsvSource(FileInputs input, CsvFormat format, RowMapper<T> mapper) {
        this(input, format, mapper, null);
    }

    private CsvSource(FileInputs input, CsvFormat format, RowMapper<T> mapper, @Nullable StateStore positions) {
        this.input = input;
        this.format = format;
        this.mapper = mapper;
        this.positions = positions;
    }

    /**
     * Whether the file begins with a line of column names; by default it does. Without one and without
     * {@link #columns}, columns count by their place: the first one is for the first component of a record.
     */
    public CsvSource<T> header(boolean hasHeader) {
        return with(format.withHeader(hasHeader));
    }

    /**
     * Names the columns of a file that has no header line. Where it has one whose names will not do,
     * {@code columns(..).header(true)} passes over it.
     */
    public CsvSource<T> columns(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("names must be one or more, got none");
        }
        List<String> columns = List.of(names);
        Columns.named(columns);
        return with(format.withColumns(columns));
    }

    /** The charset of the file; by default UTF-8. */
    public CsvSource<T> charset(Charset charset) {
        return with(format.withCharset(Objects.requireNonNull(charset, "charset")));
    }

    /** What stands between two values; by default a comma. */
    public CsvSource<T> delimiter(char delimiter) {
        return with(format.withDelimiter(delimiter));
    }

    /**
     * Quotes are part of the values, which then can hold neither the delimiter nor a line end. By default values may be
     * in quotes.
     */
    public CsvSource<T> literalQuotes() {
        return with(format.withLiteralQuotes());
    }

    /** The text that stands for no value, such as {@code \N}, besides no text at all. */
    public CsvSource<T> absent(String text) {
        return with(format.withAbsent(Objects.requireNonNull(text, "text")));
    }

    /**
     * TSV as IMDb has it: a tab stands between two values, quotes are part of them, and {@code \N} stands for none. The
     * same as {@code delimiter('\t').literalQuotes().absent("\\N")}.
     */
    public CsvSource<T> tabSeparated() {
        return with(format.tabSeparated());
    }

    /**
     * Reads, where the path is that of a directory, the files in it whose names match: {@code Csv.source(directory,
     * Film.class).glob("*.csv.gz")}. They are looked for when the pipeline starts, and read one after the other, sorted
     * by name; each must have a header of its own if there are any. Each is a partition, named like the file, with its
     * directory where that is a deeper one. Files whose names begin with a dot are left out; that none matches fails as
     * a missing file does. A later file that cannot be read ends the pipeline in FAILED when its turn comes. How many
     * there are costs little: once the records of a file are done, its partition is given back, and no longer in
     * statistics.
     *
     * @param pattern as of {@link java.nio.file.FileSystem#getPathMatcher}; {@code **} goes into deeper directories
     * @throws IllegalStateException if the source is not of a path
     */
    public CsvSource<T> glob(String pattern) {
        return new CsvSource<>(input.matching(pattern), format, mapper, positions);
    }

    /**
     * The most characters of a row, and so of a value; by default 1,048,576, at most 268,435,456. A longer row is
     * refused; if a quote is still open at the end of a line by then, it counts as stray, and reading ends.
     */
    public CsvSource<T> maxLength(int characters) {
        return with(format.withMaxLength(characters));
    }

    /**
     * The most columns of a row; by default 1,000. A wider row is refused, and with a wider header nothing is opened.
     */
    public CsvSource<T> maxColumns(int count) {
        return with(format.withMaxColumns(count));
    }

    /**
     * Goes on after a restart behind the rows that were done: {@code positionKeptIn(StateDirectory.at(directory))}. The
     * file is read from its beginning, and rows that are done are passed over before anything is made of them. What had
     * not been committed comes again, which is nothing after a good end. Rows may be added to the file meanwhile, and
     * files to the glob; but if those that are done are not what they were, in number, order or text, the pipeline ends
     * in FAILED rather than pass over what it has not seen. All else is as of {@link ResumedSource}. A table that is
     * made of this source reads all of it.
     *
     * @param store keeps the position, under the names of the pipeline and this stage
     */
    public CsvSource<T> positionKeptIn(StateStore store) {
        return new CsvSource<>(input, format, mapper, Objects.requireNonNull(store, "store"));
    }

    private CsvSource<T> with(CsvFormat changed) {
        return new CsvSource<>(input, changed, mapper, positions);
    }

    @Override
    public DecodedSource<CsvRow, T> unwrapped() {
        Decoder<CsvRow, T> decoder = this::decode;
        return new DecodedSource<>(
                positions == null ? raw() : ResumedSource.of(raw(), positions, CsvRow::identity), decoder);
    }

    private T decode(PipelineRecord<CsvRow> raw) {
        return valueOf(raw.value());
    }

    String place() {
        return input.place();
    }

    RawCsv raw() {
        return new RawCsv(input, format, mapper);
    }

    TableRows<CsvRow, T> tableRows() {
        return new TableRows<>() {
            @Override
            public FileInputs input() {
                return input;
            }

            @Override
            public Items<CsvRow> open() throws IOException {
                return raw().rows();
            }

            @Override
            public Decoder<CsvRow, T> decoder() {
                return CsvSource.this::decode;
            }

            @Override
            public long number(PipelineRecord<CsvRow> item) {
                return item.value().line();
            }

            @Override
            public String place(long number) {
                return "line " + number;
            }
        };
    }

    /**
     * What a row becomes.
     *
     * @throws RefusedRowException if it must be refused
     */
    T valueOf(CsvRow row) {
        if (row.problem() != null) {
            throw new RefusedRowException(row, row.problem());
        }
        return mapper.map(row);
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
        return "CsvSource[" + input.place() + "]";
    }
}
