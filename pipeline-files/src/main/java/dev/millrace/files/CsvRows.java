package dev.millrace.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads a file row by row, never more of it than a row. Not thread-safe. */
final class CsvRows implements Closeable {

    private final CsvFormat format;
    private final BoundedReader reader;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Map<String, Integer> indexes;

    private CsvRows(CsvFormat format, BoundedReader reader, CSVParser parser) throws IOException {
        this.format = format;
        this.reader = reader;
        this.parser = parser;
        this.records = parser.iterator();
        this.indexes = new LinkedHashMap<>();
        List<String> names = format.hasHeaderRow() ? headerRow() : format.columns();
        for (String name : names) {
            if (indexes.putIfAbsent(name.strip(), indexes.size()) != null) {
                throw new IOException(
                        "the columns of '" + name() + "' must differ, '" + name.strip() + "' occurs twice");
            }
        }
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws IOException in one line, with the file's name
     */
    static CsvRows open(CsvFormat format) throws IOException {
        BoundedReader reader = BoundedReader.of(format);
        try {
            return new CsvRows(format, reader, CSVParser.parse(reader, format.toCommons()));
        } catch (IOException | RuntimeException failure) {
            reader.close();
            throw failure;
        }
    }

    private List<String> headerRow() throws IOException {
        CsvRow header = next();
        if (header == null) {
            throw new IOException("'" + name() + "' must have a header row, it is empty");
        }
        for (String column : header.fields()) {
            if (column.isBlank()) {
                throw new IOException("the columns of '" + name() + "' must all have names, one has none");
            }
        }
        return header.fields();
    }

    /** The columns by name, in their order; empty where they have none. */
    Map<String, Integer> columns() {
        return indexes;
    }

    /**
     * The next row, or {@code null} at the end. Blank lines are passed over.
     *
     * @throws IOException if the file cannot be understood from here on; names the line
     */
    @Nullable
    CsvRow next() throws IOException {
        while (true) {
            long line = parser.getCurrentLineNumber() + 1;
            reader.beginRow();
            CSVRecord record;
            try {
                if (!records.hasNext()) {
                    return null;
                }
                record = records.next();
            } catch (UncheckedIOException failure) {
                throw unreadable(line, Objects.requireNonNull(failure.getCause()));
            }
            if (record.size() > 1 || !record.get(0).isEmpty()) {
                return new CsvRow(name(), line, indexes, fieldsOf(record));
            }
        }
    }

    private static List<String> fieldsOf(CSVRecord record) {
        List<String> fields = new ArrayList<>(record.size());
        record.forEach(fields::add);
        return List.copyOf(fields);
    }

    private IOException unreadable(long line, IOException cause) {
        String reason;
        if (cause instanceof CharacterCodingException) {
            reason = "is not valid " + format.charset();
        } else if (cause instanceof BoundedReader.RowTooLongException tooLong) {
            reason = "must have at most " + tooLong.limit() + " characters; is a quote left open?";
        } else if (cause instanceof CSVException) {
            reason = "has a quote that is left open, or something between a closing quote and the next delimiter";
        } else {
            return new IOException("'" + name() + "' cannot be read on from line " + line, cause);
        }
        return new IOException("'" + name() + "': the row that begins on line " + line + " " + reason, cause);
    }

    private String name() {
        return format.input().name();
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
