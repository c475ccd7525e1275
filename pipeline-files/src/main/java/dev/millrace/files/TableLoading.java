package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads a file into a map. Used once. */
final class TableLoading<K, V> {

    private static final Logger LOG = System.getLogger("dev.millrace.files");
    private static final int NAMED_ROWS = 5;

    private final CsvSource<V> source;
    private final ThrowingFunction<? super V, ? extends K> key;
    private final Duplicates duplicates;
    private final boolean isSkippingRefusedRows;

    /** Ready to be handed out, so that a lookup has nothing to wrap. */
    private final Map<K, Optional<V>> rows = new HashMap<>();

    private final Map<K, Long> lines = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();
    private int refused;

    TableLoading(
            CsvSource<V> source,
            ThrowingFunction<? super V, ? extends K> key,
            Duplicates duplicates,
            boolean isSkippingRefusedRows) {
        this.source = source;
        this.key = key;
        this.duplicates = duplicates;
        this.isSkippingRefusedRows = isSkippingRefusedRows;
    }

    Map<K, Optional<V>> load(String logPrefix) throws IOException {
        try (CsvRows file = source.rows()) {
            CsvDecoder<V> decoder = source.decoder();
            decoder.begin(file.columns());
            for (CsvRow row = file.next(); row != null; row = file.next()) {
                try {
                    add(row, decoder.decode(row));
                } catch (RefusedRecordException misfit) {
                    refuse(String.valueOf(misfit.getMessage()));
                } catch (Exception failure) {
                    refuse(row.place() + " was refused: " + failure.getClass().getName());
                }
            }
        }
        if (refused > 0) {
            String all = refused + (refused == 1 ? " row was" : " rows were") + " refused: "
                    + String.join("; ", refusals) + (refused > refusals.size() ? "; …" : "");
            if (!isSkippingRefusedRows) {
                throw new IOException(all);
            }
            LOG.log(Level.WARNING, logPrefix + all);
        }
        return rows;
    }

    private void add(CsvRow row, V value) throws Exception {
        K found = key.apply(value);
        if (found == null) {
            throw row.refused("must have a key, it has none", null);
        }
        Long earlier = lines.putIfAbsent(found, row.line());
        if (earlier == null || duplicates == Duplicates.LAST_WINS) {
            rows.put(found, Optional.of(value));
        } else if (duplicates == Duplicates.REFUSE) {
            throw row.refused("must not have the key of line " + earlier, null);
        }
    }

    private void refuse(String reason) {
        refused++;
        if (refusals.size() < NAMED_ROWS) {
            refusals.add(reason);
        }
    }
}
