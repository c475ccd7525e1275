package dev.millrace.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Objects;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/*
 * The rows of a file, one after the other; those that must be refused say so.
 *
 * A row with a stray quote is refused by itself where it begins and breaks in the same line: the next line is where the
 * next row begins, whatever else is wrong with this one. Where a quote has swallowed line ends, nobody can tell rows from
 * the inside of a value any more, so reading stops.
 */
final class CsvRows implements Closeable {

    private final String file;
    private final CsvFormat format;
    private final LineFeed feed;
    private CSVParser parser;
    private Iterator<CSVRecord> records;
    /** The lines before those that the present parser counts. */
    private long linesBefore;

    private @Nullable Columns columns;
    private long unclosed;

    private CsvRows(FileInput input, CsvFormat format) throws IOException {
        this.file = input.name();
        this.format = format;
        TextLines lines = new TextLines(file, input.open(), format.charset(), format.maxRowLength(), format.quote());
        this.feed = new LineFeed(file, lines, format.maxRowLength());
        this.parser = CSVParser.parse(feed, format.parser());
        this.records = parser.iterator();
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws IOException if the file cannot be opened, or its columns are not what the mapper needs
     */
    static CsvRows open(FileInput input, CsvFormat format, RowMapper<?> mapper) throws IOException {
        CsvRows rows = new CsvRows(input, format);
        try {
            rows.readHeader(mapper);
        } catch (Throwable e) {
            rows.close();
            throw e;
        }
        return rows;
    }

    private void readHeader(RowMapper<?> mapper) throws IOException {
        CsvRow header = format.hasHeader() ? next() : null;
        if (format.hasHeader() && header == null) {
            throw new IOException(file + " must begin with a header line, it is empty");
        }
        if (header != null && header.problem() != null) {
            throw new IOException(header + ": " + header.problem());
        }
        String place = header == null ? file : header.toString();
        try {
            if (!format.columns().isEmpty()) {
                columns = Columns.named(format.columns());
            } else if (header != null) {
                columns = Columns.named(
                        header.values().stream().map(String::strip).toList());
            } else if (mapper.width() > 0) {
                columns = Columns.unnamed(mapper.width());
            }
            if (columns != null) {
                mapper.check(columns);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(place + ": " + e.getMessage(), e);
        }
    }

    /**
     * The next row, blank lines passed over; null at the end.
     *
     * @throws IOException if reading cannot go on
     */
    @Nullable
    CsvRow next() throws IOException {
        while (true) {
            long start = linesBefore + parser.getCurrentLineNumber() + 1;
            feed.beginRow(start);
            CSVRecord split;
            try {
                split = records.hasNext() ? records.next() : null;
            } catch (UncheckedIOException e) {
                return broken(start, Objects.requireNonNull(e.getCause()));
            }
            if (split == null) {
                return null;
            }
            long end = linesBefore + parser.getCurrentLineNumber();
            LineFeed.Flaw flaw = feed.flawUpTo(end);
            @Nullable String[] values = split.values();
            if (flaw != null) {
                return flawed(start, flaw, values);
            }
            if (values.length > 1 || values[0] != null) {
                return row(start, end, values);
            }
        }
    }

    private CsvRow row(long line, long end, @Nullable String[] values) {
        int count = values.length;
        if (feed.isTooLong(end)) {
            return refused(line, values, tooLong());
        }
        if (count > format.maxColumns()) {
            return refused(line, values, "has " + count + " columns, at most " + format.maxColumns() + " are allowed");
        }
        if (columns != null && columns.width() != count) {
            return refused(line, values, "has " + count + " columns, must have " + columns.width());
        }
        if (columns == null && !format.hasHeader()) {
            columns = Columns.unnamed(count);
        }
        if (!format.absent().isEmpty()) {
            dropAbsent(values);
        }
        return new CsvRow(file, known(), line, values, null);
    }

    private void dropAbsent(@Nullable String[] values) {
        for (int i = 0; i < values.length; i++) {
            if (format.absent().equals(values[i])) {
                values[i] = null;
            }
        }
    }

    private CsvRow refused(long line, @Nullable String[] values, String problem) {
        return new CsvRow(file, known(), line, values, problem);
    }

    private Columns known() {
        return columns == null ? Columns.unnamed(0) : columns;
    }

    private CsvRow flawed(long start, LineFeed.Flaw flaw, @Nullable String[] values) throws IOException {
        if (!flaw.isCut()) {
            return refused(start, values, "must be " + format.charset().name() + ", some bytes are not");
        }
        if (flaw.isQuoteOpen() || flaw.line() != start) {
            throw new IOException(file + " line " + start + ": a quote opens here and is not closed within "
                    + format.maxRowLength() + " characters");
        }
        return refused(start, new String[] {flaw.text()}, tooLong());
    }

    private String tooLong() {
        return "is longer than " + format.maxRowLength() + " characters";
    }

    /** What the parser could not split. */
    private CsvRow broken(long start, IOException cause) throws IOException {
        if (!(cause instanceof CSVException)) {
            throw cause;
        }
        boolean isOneLine = start == feed.line();
        unclosed = feed.isAtEnd() ? start : 0;
        if (feed.isAtEnd() && !isOneLine) {
            throw new IOException(file + " line " + feed.opened() + ": a quote opens here and is never closed");
        }
        if (!isOneLine) {
            throw new IOException(file + " line " + start
                    + ": a quote opens here and closes in the middle of line " + feed.line()
                    + "; which of them is one too many cannot be told, nor where the row ends");
        }
        String problem = feed.isAtEnd()
                ? "a quote is not closed"
                : "a quote in the middle of a value must be doubled, and the value be in quotes";
        feed.flawUpTo(start);
        feed.skipLine();
        linesBefore = feed.line();
        parser = CSVParser.parse(feed, format.parser());
        records = parser.iterator();
        return refused(start, new String[] {feed.text()}, problem);
    }

    /** The line of the last row, if a quote opens in it that is still open at the end of the file; else 0. */
    long unclosed() {
        return unclosed;
    }

    @Override
    public void close() throws IOException {
        feed.close();
    }
}
