package dev.millrace.files;

/** Makes values of rows. Thread-safe. */
interface RowMapper<T> {

    /** How many columns the rows must have where nothing else says so; 0 for as many as the first row has. */
    int width();

    /**
     * Looks whether rows of these columns can be mapped.
     *
     * @throws IllegalArgumentException if not
     */
    void check(Columns columns);

    /**
     * The value of a row.
     *
     * @throws RefusedRowException if it has none
     */
    T map(CsvRow row);
}
