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
 * @param maxLength of a row, in characters, quotes included
 */
record CsvFormat(
        Charset charset,
        char delimiter,
        boolean isQuoted,
        String absent,
        boolean hasHeader,
        List<String> columns,
        int maxLength,
        int maxColumns) {

    static final char QUOTE = '"';

    /** Several times that many characters are in memory on the way, in arrays. */
    private static final int LARGEST_MAX_LENGTH = 1 << 28;

    static final CsvFormat DEFAULT =
            new CsvFormat(StandardCharsets.UTF_8, ',', true, "", true, List.of(), 1 << 20, 1_000);

    CsvFormat {
        if (delimiter == QUOTE || delimiter == '\r' || delimiter == '\n') {
            throw new IllegalArgumentException("delimiter must be neither a quote nor a line end");
        }
        if (maxLength < 1 || maxLength > LARGEST_MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "maxLength must be from 1 to " + LARGEST_MAX_LENGTH + ", got " + maxLength);
        }
        if (maxColumns < 1) {
            throw new IllegalArgumentException("maxColumns must be positive, got " + maxColumns);
        }
    }

    CsvFormat withCharset(Charset charset) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxLength, maxColumns);
    }

    CsvFormat withDelimiter(char delimiter) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxLength, maxColumns);
    }

    CsvFormat withLiteralQuotes() {
        return new CsvFormat(charset, delimiter, false, absent, hasHeader, columns, maxLength, maxColumns);
    }

    CsvFormat tabSeparated() {
        return withDelimiter('\t').withLiteralQuotes().withAbsent("\\N");
    }

    CsvFormat withAbsent(String absent) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxLength, maxColumns);
    }

    CsvFormat withHeader(boolean hasHeader) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxLength, maxColumns);
    }

    CsvFormat withColumns(List<String> columns) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, false, columns, maxLength, maxColumns);
    }

    CsvFormat withMaxLength(int maxLength) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxLength, maxColumns);
    }

    CsvFormat withMaxColumns(int maxColumns) {
        return new CsvFormat(charset, delimiter, isQuoted, absent, hasHeader, columns, maxLength, maxColumns);
    }

    /** What opens and closes a value, or a number that is no character. */
    int quote() {
        return isQuoted ? QUOTE : -1;
    }

    /** RFC 4180. What of a row is put in quotes is what needs to be. */
    CSVFormat printer() {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setQuoteMode(QuoteMode.MINIMAL)
                .get();
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
