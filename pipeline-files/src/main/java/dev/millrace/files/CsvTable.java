package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * A CSV file as a table in memory, to enrich records from.
 *
 * <p>The file is read once per start of a pipeline, before it runs, on the thread that starts it, and after that as
 * {@link #reloadEvery} says. The table does not load, and the pipeline not start, if the file is missing, if a row is
 * refused or has no key, or if a key occurs twice; each error names the lines. {@link #skipRefusedRows} and
 * {@link #duplicates} say otherwise.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy. A lookup of it allocates nothing.
 *
 * @param <K> type of the keys, with {@code equals} and {@code hashCode}
 * @param <V> type of the rows
 */
public final class CsvTable<K, V> implements Enricher<K, V> {

    private final Table<CsvRow, K, V> table;

    private CsvTable(Table<CsvRow, K, V> table) {
        this.table = table;
    }

    /**
     * A table of records, made as {@link Csv#source(Path, Class)} makes them.
     *
     * @throws IllegalArgumentException as of that
     */
    public static <V extends Record> Unkeyed<V> of(Path file, Class<V> type) {
        return of(Csv.source(file, type));
    }

    /** A table of what a source reads. */
    public static <V> Unkeyed<V> of(CsvSource<V> rows) {
        return new Unkeyed<>(Objects.requireNonNull(rows, "rows"));
    }

    /** What to do with a key that occurs in several rows; by default {@link Duplicates#REFUSE}. */
    public CsvTable<K, V> duplicates(Duplicates duplicates) {
        return new CsvTable<>(table.withDuplicates(duplicates));
    }

    /** Leaves out rows that are refused or have no key, and says in a warning how many and the first of them. */
    public CsvTable<K, V> skipRefusedRows() {
        return new CsvTable<>(table.skippingRefused());
    }

    /**
     * Reads the file anew in this interval while the pipeline runs, on a thread for what blocks; by default it is read
     * once. The rows are swapped as a whole, so that for a moment two tables are in memory. Where the file is missing
     * or does not load, the rows of before stay, a warning says why, and the next interval tries again; where memory
     * runs out, the next lookup throws. A file that is still being written may be taken for a whole one: give it its
     * name when it is finished, as {@link Csv#replacing} does.
     *
     * @param interval from the end of one reading to the beginning of the next, by the wall clock; positive
     */
    public CsvTable<K, V> reloadEvery(Duration interval) {
        return new CsvTable<>(table.withReloadEvery(interval));
    }

    @Override
    public LocalLookup<K, V> open(StageContext context) throws IOException {
        return table.open(context);
    }

    @Override
    public String describe() {
        return "CSV table " + table.place();
    }

    @Override
    public String toString() {
        return "CsvTable[" + table.place() + "]";
    }

    /**
     * A table that lacks its key. Immutable and thread-safe.
     *
     * @param <V> type of the rows
     */
    public static final class Unkeyed<V> {

        private final CsvSource<V> rows;

        private Unkeyed(CsvSource<V> rows) {
            this.rows = rows;
        }

        /**
         * The table by a key.
         *
         * @param key called once per row, on the thread that loads the table; must be neither null nor a blank text, or
         *     the row is refused, as it is if this throws
         */
        public <K> CsvTable<K, V> keyedBy(ThrowingFunction<? super V, ? extends K> key) {
            return new CsvTable<>(Table.of(rows.tableRows(), key));
        }

        @Override
        public String toString() {
            return "CsvTable.Unkeyed[" + rows.place() + "]";
        }
    }
}
