package dev.millrace.files;

import dev.millrace.files.internal.Items;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads a file into a map, once. */
final class TableLoader<R, K, V> {

    private static final Logger LOG = System.getLogger("dev.millrace.files");
    private static final String LINE = "line ";

    private final Table<R, K, V> described;
    private final Map<K, Optional<V>> table = new HashMap<>();
    private final Map<K, Place> places = new HashMap<>();
    private final FirstFew refused = new FirstFew();
    private final FirstFew doubled = new FirstFew();
    private long count;

    /** Of the first item with a key. Its text is made where it is needed: there is one for each key. */
    private record Place(String file, long number) {}

    TableLoader(Table<R, K, V> described) {
        this.described = described;
    }

    Map<K, Optional<V>> load(StageContext context) throws IOException {
        try (Items<R> rows = described.rows().open()) {
            for (PipelineRecord<R> row = rows.next(); row != null; row = rows.next()) {
                count++;
                try {
                    put(row);
                } catch (RefusedRecordException e) {
                    refused.add(reason(row, e));
                }
            }
        }
        if (refused.count() > 0 && !described.isSkippingRefused()) {
            throw new IOException(described.place() + ": " + ofAll(refused) + " were refused: " + refused);
        }
        if (doubled.count() > 0) {
            throw new IOException(described.place() + ": " + ofAll(doubled)
                    + " have the key of an earlier row, and duplicates(..) does not say which of them counts: "
                    + doubled);
        }
        if (refused.count() > 0) {
            LOG.log(
                    Level.WARNING,
                    "[" + context.pipeline() + "|" + context.stage() + "] " + described.place() + ": " + ofAll(refused)
                            + " were skipped: " + refused);
        }
        return table;
    }

    private void put(PipelineRecord<R> row) {
        V value = value(row);
        K key = key(value);
        Duplicates duplicates = described.duplicates();
        if (duplicates == Duplicates.LAST_WINS) {
            table.put(key, Optional.of(value));
            return;
        }
        boolean isNew = table.putIfAbsent(key, Optional.of(value)) == null;
        if (duplicates == Duplicates.REFUSE) {
            Place place = placeOf(row);
            Place first = places.putIfAbsent(key, place);
            if (!isNew) {
                doubled.add(both(text(Objects.requireNonNull(first)), text(place)));
            }
        }
    }

    private V value(PipelineRecord<R> row) {
        try {
            return Objects.requireNonNull(described.rows().decoder().decode(row));
        } catch (RefusedRecordException e) {
            throw e;
        } catch (Exception e) {
            throw new RefusedRecordException("cannot be read: " + e.getClass().getName(), e);
        }
    }

    private K key(V value) {
        K key;
        try {
            key = described.keyOf().apply(value);
        } catch (Exception e) {
            throw new RefusedRecordException(
                    "the key function threw " + e.getClass().getName(), e);
        }
        if (key == null) {
            throw new RefusedRecordException("the key must not be null");
        }
        if (key instanceof CharSequence text && text.toString().isBlank()) {
            throw new RefusedRecordException("the key must not be blank");
        }
        return key;
    }

    private String reason(PipelineRecord<R> row, RefusedRecordException e) {
        Place place = placeOf(row);
        String full = place.file() + " " + described.rows().place(place.number());
        String message = String.valueOf(e.getMessage());
        return text(place) + (message.startsWith(full) ? message.substring(full.length()) : ": " + message);
    }

    private Place placeOf(PipelineRecord<R> row) {
        return new Place(row.partition(), described.rows().number(row));
    }

    /** Of one file, its name is in the message already. */
    private String text(Place place) {
        String number = described.rows().place(place.number());
        return isSingle() ? number : place.file() + " " + number;
    }

    private String both(String first, String second) {
        boolean areLines = first.startsWith(LINE) && second.startsWith(LINE);
        return areLines
                ? "lines " + first.substring(LINE.length()) + " and " + second.substring(LINE.length())
                : first + " and " + second;
    }

    private boolean isSingle() {
        return described.rows().input() instanceof FileInput;
    }

    private String ofAll(FirstFew some) {
        return some.count() + " of " + count + " rows";
    }
}
