package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/**
 * A JSON file as a table in memory, to enrich records from: {@code JsonTable.of(Json.lines(file,
 * City.class)).keyedBy(City::name)}. When it is read, and what keeps it from loading, is as of {@link CsvTable}.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy. A lookup of it allocates nothing.
 *
 * @param <K> type of the keys, with {@code equals} and {@code hashCode}
 * @param <V> type of the values
 */
public final class JsonTable<K, V> implements Enricher<K, V> {

    private final Table<byte[], K, V> table;

    private JsonTable(Table<byte[], K, V> table) {
        this.table = table;
    }

    /** A table of what a source reads. */
    public static <V> Unkeyed<V> of(JsonSource<V> values) {
        return new Unkeyed<>(Objects.requireNonNull(values, "values"));
    }

    /** What to do with a key that several values have; by default {@link Duplicates#REFUSE}. */
    public JsonTable<K, V> duplicates(Duplicates duplicates) {
        return new JsonTable<>(table.withDuplicates(duplicates));
    }

    /** Leaves out values that are refused or have no key, and says in a warning how many and the first of them. */
    public JsonTable<K, V> skipRefused() {
        return new JsonTable<>(table.skippingRefused());
    }

    /** Reads the file anew in this interval while the pipeline runs, as {@link CsvTable#reloadEvery} does. */
    public JsonTable<K, V> reloadEvery(Duration interval) {
        return new JsonTable<>(table.withReloadEvery(interval));
    }

    @Override
    public LocalLookup<K, V> open(StageContext context) throws IOException {
        return table.open(context);
    }

    @Override
    public String describe() {
        return "JSON table " + table.place();
    }

    @Override
    public String toString() {
        return "JsonTable[" + table.place() + "]";
    }

    /**
     * A table that lacks its key. Immutable and thread-safe.
     *
     * @param <V> type of the values
     */
    public static final class Unkeyed<V> {

        private final JsonSource<V> values;

        private Unkeyed(JsonSource<V> values) {
            this.values = values;
        }

        /**
         * The table by a key.
         *
         * @param key called once per value, on the thread that loads the table; must be neither null nor a blank text,
         *     or the value is refused, as it is if this throws
         */
        public <K> JsonTable<K, V> keyedBy(ThrowingFunction<? super V, ? extends K> key) {
            return new JsonTable<>(Table.of(values.tableRows(), key));
        }

        @Override
        public String toString() {
            return "JsonTable.Unkeyed[" + values.place() + "]";
        }
    }
}
