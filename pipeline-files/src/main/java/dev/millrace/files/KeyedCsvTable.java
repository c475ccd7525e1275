package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A CSV file as a table to enrich from. It is loaded when the pipeline starts and then kept in memory; lookups neither
 * block nor allocate. A row that does not fit keeps the pipeline from starting, as does a key that occurs twice, unless
 * told otherwise here.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <K> type of the keys
 * @param <V> type of the rows
 */
public final class KeyedCsvTable<K, V> implements Enricher<K, V> {

    private final CsvSource<V> source;
    private final ThrowingFunction<? super V, ? extends K> key;
    private final Duplicates duplicates;
    private final boolean isSkippingRefusedRows;

    KeyedCsvTable(
            CsvSource<V> source,
            ThrowingFunction<? super V, ? extends K> key,
            Duplicates duplicates,
            boolean isSkippingRefusedRows) {
        this.source = source;
        this.key = key;
        this.duplicates = duplicates;
        this.isSkippingRefusedRows = isSkippingRefusedRows;
    }

    /** What to do with a key that occurs twice; by default {@link Duplicates#REFUSE}. */
    public KeyedCsvTable<K, V> duplicates(Duplicates choice) {
        return new KeyedCsvTable<>(source, key, Objects.requireNonNull(choice, "choice"), isSkippingRefusedRows);
    }

    /** Leaves rows out that do not fit, with a warning that counts them, rather than not to start. */
    public KeyedCsvTable<K, V> skipRefusedRows() {
        return new KeyedCsvTable<>(source, key, duplicates, true);
    }

    /**
     * Loads the file; blocks until that is done.
     *
     * @throws IOException if it cannot be read, or rows or keys are refused; names file and lines
     */
    @Override
    public Lookup<K, V> open(StageContext context) throws IOException {
        TableLoading<K, V> loading = new TableLoading<>(source, key, duplicates, isSkippingRefusedRows);
        Map<K, Optional<V>> rows = loading.load("[" + context.pipeline() + "|" + context.stage() + "] ");
        Optional<V> none = Optional.empty();
        LocalLookup<K, V> lookup = question -> rows.getOrDefault(question, none);
        return lookup;
    }

    @Override
    public String describe() {
        return "CSV table " + source.name();
    }

    @Override
    public String toString() {
        return "KeyedCsvTable[" + source.name() + "]";
    }
}
