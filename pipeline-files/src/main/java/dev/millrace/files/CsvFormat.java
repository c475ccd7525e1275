package dev.millrace.files;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;

/**
 * How rows and columns are written down, and how much of them is taken.
 *
 * @param isQuoted whether values may be in quotes, rather than quotes being part of them
 * @param absent the text that stands for no value, besides no text at all
 * @param hasHeader whether the first row holds names
 * @param columns names that count instead of those, or none
 * @param maxRowLength in characters, line ends and quotes included
 */
record CsvFormat(
        Charset charset,
        char delimiter,
        boolean isQuoted,
        String absent,
        boolean hasHeader,
        List<String> columns,
        int maxRowLength,
        int maxColumns) {

    static final char QUOTE = '"';

    /** Several times that many characters are in memory on the way, in arrays. */
    private static final int MAX_ROW_LENGTH = 1 << 28;

    static final CsvFormat DEFAULT =
            new CsvFormat(StandardCharsets.UTF_8, ',', true, "", true, List.of(), 1 << 20, 1_000);

    CsvFormat {
        if (delimiter == QUOTE || delimiter == '\r' || delimiter == '\n') {
            throw new IllegalArgumentException("delimiter must be neither a quote nor a line end");
        }
        if (maxRowLength < 1 || maxRowLength > MAX_ROW_LENGTH) {
            throw new IllegalArgumentException(
                    "maxRowLength must be from 1 to " + MAX_ROW_LENGTH + ", got " + maxRowLength);
        }
        if (maxColumns < 1) {
            throw new IllegalArgumentException("maxColumns must be positive, got " + maxColumns);
        }
    }

    CsvFormat withCharset(Charset charset) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxRowLength, maxColumns);
    }

    CsvFormat withDelimiter(char delimiter) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxRowLength, maxColumns);
    }

    CsvFormat withLiteralQuotes() {
        return new CsvFormat(charset, delimiter, false, absent, hasHeader, columns, maxRowLength, maxColumns);
    }

    CsvFormat withAbsent(String absent) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxRowLength, maxColumns);
    }

    CsvFormat withHeader(boolean hasHeader) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxRowLength, maxColumns);
    }

    CsvFormat withColumns(List<String> columns) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, false, columns, maxRowLength, maxColumns);
    }

    CsvFormat withMaxRowLength(int maxRowLength) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxRowLength, maxColumns);
    }

    CsvFormat withMaxColumns(int maxColumns) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxRowLength, maxColumns);
    }

    /** What opens and closes a value, or a number that is no character. */
    int quote() {
        return isQuoted ? QUOTE : -1;
    }

    /** RFC 4180. A value that is absent, rather than empty in quotes, comes as null: so a blank line is told apart. */
    CSVFormat parser() {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setQuote(isQuoted ? QUOTE : null)
                .setQuoteMode(QuoteMode.ALL_NON_NULL)
                .setIgnoreEmptyLines(false)
                .get();
    }
}
