package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a file into a map, once. */
final class TableLoader<K, V> {

    private static final Logger LOG = System.getLogger("dev.millrace.files");

    private final CsvSource<V> source;
    private final ThrowingFunction<? super V, ? extends K> keyOf;
    private final Duplicates duplicates;
    private final boolean isSkippingRefused;
    private final Map<K, Optional<V>> table = new HashMap<>();
    private final Map<K, String> places = new HashMap<>();
    private final FirstFew refused = new FirstFew();
    private final FirstFew doubled = new FirstFew();
    private long count;

    TableLoader(
            CsvSource<V> source,
            ThrowingFunction<? super V, ? extends K> keyOf,
            Duplicates duplicates,
            boolean isSkippingRefused) {
        this.source = source;
        this.keyOf = keyOf;
        this.duplicates = duplicates;
        this.isSkippingRefused = isSkippingRefused;
    }

    Map<K, Optional<V>> load(StageContext context) throws IOException {
        try (Items<CsvRow> rows = source.raw().rows()) {
            for (PipelineRecord<CsvRow> item = rows.next(); item != null; item = rows.next()) {
                CsvRow row = item.value();
                count++;
                try {
                    put(row);
                } catch (RefusedRowException e) {
                    refused.add(place(row) + ": " + e.problem());
                } catch (RefusedRecordException e) {
                    refused.add(place(row) + ": " + e.getMessage());
                }
            }
        }
        if (refused.count() > 0 && !isSkippingRefused) {
            throw new IOException(source.place() + ": " + ofAll(refused) + " were refused: " + refused);
        }
        if (doubled.count() > 0) {
            throw new IOException(source.place() + ": " + ofAll(doubled)
                    + " have the key of an earlier row, and duplicates(..) does not say which of them counts: "
                    + doubled);
        }
        if (refused.count() > 0) {
            LOG.log(
                    Level.WARNING,
                    "[" + context.pipeline() + "|" + context.stage() + "] " + source.place() + ": " + ofAll(refused)
                            + " were skipped: " + refused);
        }
        return table;
    }

    private void put(CsvRow row) {
        V value = source.valueOf(row);
        K key = key(row, value);
        if (duplicates == Duplicates.LAST_WINS) {
            table.put(key, Optional.of(value));
            return;
        }
        boolean isNew = table.putIfAbsent(key, Optional.of(value)) == null;
        if (duplicates == Duplicates.REFUSE) {
            String place = source.isSingle() ? String.valueOf(row.line()) : row.toString();
            String first = places.putIfAbsent(key, place);
            if (!isNew) {
                doubled.add((source.isSingle() ? "lines " : "") + first + " and " + place);
            }
        }
    }

    private K key(CsvRow row, V value) {
        K key;
        try {
            key = keyOf.apply(value);
        } catch (Exception e) {
            throw new RefusedRowException(
                    row, "the key function threw " + e.getClass().getName(), e);
        }
        if (key == null) {
            throw new RefusedRowException(row, "the key must not be null");
        }
        if (key instanceof CharSequence text && text.toString().isBlank()) {
            throw new RefusedRowException(row, "the key must not be blank");
        }
        return key;
    }

    /** Of one file, its name is in the message already. */
    private String place(CsvRow row) {
        return source.isSingle() ? "line " + row.line() : row.toString();
    }

    private String ofAll(FirstFew some) {
        return some.count() + " of " + count + " rows";
    }
}
