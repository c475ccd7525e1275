package dev.millrace.files;

import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.Objects;
import java.util.function.Function;

/**
 * Rows of CSV in a file. Whether they are added to it or replace it, when they are acknowledged, and what becomes of
 * records while it cannot be written, is said where the sink is made, by {@link Csv}.
 *
 * <p><b>Form.</b> UTF-8; a header line with the names of the components, unless {@link #header} says otherwise; lines
 * end in LF. Values are in quotes only where they need to be, {@code ""} is an empty text, and nothing at all is
 * {@code null} or the empty {@code Optional}. A {@link CsvSource} with the same options reads each record back as it
 * was; one of which it would not is refused, with the name of the column.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy, and throws an {@link IllegalArgumentException}
 * where the names of the columns cannot be written so.
 *
 * @param <T> what one record holds: a row, or a collection of them
 */
public final class CsvSink<T> implements Sink<T> {

    private final CsvFormat format;
    private final Function<CsvFormat, Sink<T>> sinkOf;
    private final Sink<T> sink;

    CsvSink(CsvFormat format, Function<CsvFormat, Sink<T>> sinkOf) {
        this.format = format;
        this.sinkOf = sinkOf;
        this.sink = sinkOf.apply(format);
    }

    /**
     * Whether the file begins with a line of column names; by default it does. Without one, a file that is there is
     * only looked at for the number of its columns.
     */
    public CsvSink<T> header(boolean hasHeader) {
        return with(format.withHeader(hasHeader));
    }

    /** What stands between two values; by default a comma. */
    public CsvSink<T> delimiter(char delimiter) {
        return with(format.withDelimiter(delimiter));
    }

    /**
     * Quotes are part of the values. A record is refused then if a value holds the delimiter or a line end, or is an
     * empty text, which nothing would tell from none. By default values are in quotes where they need to be.
     */
    public CsvSink<T> literalQuotes() {
        return with(format.withLiteralQuotes());
    }

    /** The text that stands for no value, such as {@code \N}; by default none does. It is refused as a value. */
    public CsvSink<T> absent(String text) {
        return with(format.withAbsent(Objects.requireNonNull(text, "text")));
    }

    /**
     * TSV as IMDb has it: a tab stands between two values, quotes are part of them, and {@code \N} stands for none. The
     * same as {@code delimiter('\t').literalQuotes().absent("\\N")}.
     */
    public CsvSink<T> tabSeparated() {
        return with(format.tabSeparated());
    }

    /**
     * The most characters of a row, its line end not counted; by default 1,048,576, at most 268,435,456. A longer row
     * is refused. A source must allow as many to read it back.
     */
    public CsvSink<T> maxLength(int characters) {
        return with(format.withMaxLength(characters));
    }

    private CsvSink<T> with(CsvFormat changed) {
        return new CsvSink<>(changed, sinkOf);
    }

    @Override
    public SinkWriter<T> open(StageContext context) throws Exception {
        return sink.open(context);
    }

    @Override
    public String describe() {
        return sink.describe();
    }

    @Override
    public String toString() {
        return "CsvSink[" + sink + "]";
    }
}
