package dev.millrace.files;

import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a CSV file, then the end. Read as the pipeline takes them, never the whole file at once.
 *
 * <p>A row that does not fit, because of its width or of a field, is a failed record of its own: its message and its
 * dead letter name the line, and reading goes on. Where the file cannot be understood from some line on, since a quote
 * is left open or bytes are not of the charset, the pipeline ends in FAILED with that line.
 *
 * <p>The file's name is the partition and the number of the row, from 0, the offset. Nothing is remembered over a
 * restart: the file is read from its beginning.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the values
 */
public final class CsvSource<T> implements Source<T> {

    private final CsvFormat format;
    private final RowMapping<T> mapping;

    CsvSource(CsvFormat format, RowMapping<T> mapping) {
        this.format = format;
        this.mapping = mapping;
    }

    /**
     * Says whether the first row holds the names of the columns, as it does by default. Without, they go by their
     * order.
     */
    public CsvSource<T> header(boolean hasHeader) {
        return new CsvSource<>(format.columns(List.of(), hasHeader), mapping);
    }

    /** Names the columns of a file whose first row does not. */
    public CsvSource<T> columns(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("names must not be empty");
        }
        return new CsvSource<>(format.columns(List.of(names), true), mapping);
    }

    /**
     * The charset, by default UTF-8. A byte order mark is passed over; bytes that are not of the charset are an error.
     */
    public CsvSource<T> charset(Charset charset) {
        return new CsvSource<>(format.charset(Objects.requireNonNull(charset, "charset")), mapping);
    }

    /** What stands between two fields, by default a comma. */
    public CsvSource<T> delimiter(char delimiter) {
        if (delimiter == '"' || delimiter == '\r' || delimiter == '\n') {
            throw new IllegalArgumentException("delimiter must be neither a quote nor a line break");
        }
        return new CsvSource<>(format.delimiter(delimiter), mapping);
    }

    /**
     * The most characters of a field, by default 1,048,576: longer ones make refused rows. A row of more than four
     * times as many ends the reading, since a quote must have been left open.
     */
    public CsvSource<T> maxFieldLength(int characters) {
        if (characters < 1) {
            throw new IllegalArgumentException("characters must be positive, got " + characters);
        }
        return new CsvSource<>(format.maxFieldLength(characters), mapping);
    }

    @Override
    public Source<T> unwrapped() {
        CsvDecoder<T> decoder = new CsvDecoder<>(format, mapping);
        return new DecodedSource<>(context -> open(context, decoder), decoder);
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        return unwrapped().open(context);
    }

    private SourceReader<CsvRow> open(SourceContext context, CsvDecoder<T> decoder) throws IOException {
        CsvRows rows = CsvRows.open(format);
        try {
            decoder.begin(rows.columns());
        } catch (RuntimeException misfit) {
            rows.close();
            throw misfit;
        }
        return new CsvReader(rows, format.input().name(), context.pollLimit());
    }

    /** Opens the file for a table. */
    CsvRows rows() throws IOException {
        return CsvRows.open(format);
    }

    CsvDecoder<T> decoder() {
        return new CsvDecoder<>(format, mapping);
    }

    String name() {
        return format.input().name();
    }

    @Override
    public String describe() {
        return "CSV " + name();
    }

    @Override
    public String toString() {
        return "CsvSource[" + name() + "]";
    }
}
