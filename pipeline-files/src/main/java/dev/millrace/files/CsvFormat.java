package dev.millrace.files;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/**
 * How a file is to be read.
 *
 * @param columns their names where the file does not have them; empty if its first row does
 * @param hasNames whether there are names at all, in the file or given
 */
record CsvFormat(
        CsvInput input, Charset charset, char delimiter, List<String> columns, boolean hasNames, int maxFieldLength) {

    static final int MAX_COLUMNS = 1_000;
    private static final int MAX_FIELD_LENGTH = 1 << 20;

    static CsvFormat of(CsvInput input) {
        return new CsvFormat(input, StandardCharsets.UTF_8, ',', List.of(), true, MAX_FIELD_LENGTH);
    }

    CsvFormat charset(Charset charset) {
        return new CsvFormat(input, charset, delimiter, columns, hasNames, maxFieldLength);
    }

    CsvFormat delimiter(char delimiter) {
        return new CsvFormat(input, charset, delimiter, columns, hasNames, maxFieldLength);
    }

    CsvFormat columns(List<String> columns, boolean hasNames) {
        return new CsvFormat(input, charset, delimiter, List.copyOf(columns), hasNames, maxFieldLength);
    }

    CsvFormat maxFieldLength(int characters) {
        return new CsvFormat(input, charset, delimiter, columns, hasNames, characters);
    }

    boolean hasHeaderRow() {
        return hasNames && columns.isEmpty();
    }

    /** Blank lines are kept here and skipped later: only so do lines count right. */
    CSVFormat toCommons() {
        return CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .get();
    }
}
