package dev.millrace.files;

import java.util.Map;

/** Makes values of rows. A recipe: what it needs to know of the columns it learns from the header. */
@FunctionalInterface
interface RowMapping<T> {

    /**
     * For a file with these columns, by name; none where it has no names.
     *
     * @throws IllegalArgumentException if they do not fit, naming every column that is missing
     */
    RowReader<T> of(Map<String, Integer> columns, String file);

    /** Makes one value of one row. Thread-safe. */
    @FunctionalInterface
    interface RowReader<T> {

        /** Throws what is wrong with the row, its line included. */
        T read(CsvRow row) throws Exception;
    }
}
