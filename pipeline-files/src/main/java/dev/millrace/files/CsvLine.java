package dev.millrace.files;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/** A row as it is put down, value by value: so that a source of the same format reads each as it was. */
final class CsvLine {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final CsvFormat format;
    private final CSVFormat printer;
    private final StringBuilder line = new StringBuilder();
    private boolean hasValues;

    /**
     * An empty row.
     *
     * @param printer as {@link CsvFormat#printer} makes it
     */
    CsvLine(CsvFormat format, CSVFormat printer) {
        this.format = format;
        this.printer = printer;
    }

    /** Adds the name of a column. */
    void addName(String name) {
        separate();
        put(name, name);
    }

    /**
     * Adds a value, null for none.
     *
     * @throws RefusedRecordException if it would not be read back
     */
    void add(String column, @Nullable String text) {
        separate();
        if (text == null) {
            if (!format.absent().isEmpty()) {
                put(column, format.absent());
            }
            return;
        }
        boolean standsForNone = text.isEmpty() ? !format.isQuoted() : text.equals(format.absent());
        if (standsForNone) {
            throw new RefusedRecordException("column '" + column + "' must not hold the text that stands for no value");
        }
        put(column, text);
    }

    private void separate() {
        if (hasValues) {
            line.append(format.delimiter());
        }
        hasValues = true;
    }

    private void put(String column, String text) {
        // A source would skip it at the beginning of the file.
        boolean isMark = !format.hasHeader() && line.isEmpty() && text.startsWith(BYTE_ORDER_MARK);
        if (format.isQuoted()) {
            quote(text, isMark ? printer.builder().setQuoteMode(QuoteMode.ALL).get() : printer);
        } else if (isMark) {
            throw new RefusedRecordException("column '" + column + "' must not begin with a byte order mark");
        } else if (text.chars().anyMatch(c -> c == format.delimiter() || c == '\n' || c == '\r')) {
            throw new RefusedRecordException("column '" + column + "' must hold neither delimiter nor line end");
        } else {
            line.append(text);
        }
    }

    private void quote(String text, CSVFormat mode) {
        try {
            // As if it were the first of a row: so that an empty text is in quotes, and told from none.
            mode.print(text, line, true);
        } catch (IOException e) {
            throw new IllegalStateException("a StringBuilder throws no IOException", e);
        }
    }

    /** Whether it would be taken for a blank line. */
    boolean isBlank() {
        return line.isEmpty();
    }

    /**
     * The bytes of the row, with its end.
     *
     * @throws RefusedRecordException if it is too long, or no Unicode
     */
    byte[] end() {
        if (line.length() > format.maxLength()) {
            throw new RefusedRecordException(
                    "a row must not be longer than " + format.maxLength() + " characters, got " + line.length());
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(line.append('\n')));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new RefusedRecordException("a text must be Unicode, half of a surrogate pair is not");
        }
    }
}
