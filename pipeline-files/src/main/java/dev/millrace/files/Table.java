package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A table as it is described.
 *
 * @param reloadEvery the interval, or zero for no reload
 */
record Table<R, K, V>(
        TableRows<R, V> rows,
        ThrowingFunction<? super V, ? extends K> keyOf,
        Duplicates duplicates,
        boolean isSkippingRefused,
        Duration reloadEvery) {

    static <R, K, V> Table<R, K, V> of(TableRows<R, V> rows, ThrowingFunction<? super V, ? extends K> keyOf) {
        return new Table<>(rows, Objects.requireNonNull(keyOf, "key"), Duplicates.REFUSE, false, Duration.ZERO);
    }

    Table<R, K, V> withDuplicates(Duplicates duplicates) {
        return new Table<>(
                rows, keyOf, Objects.requireNonNull(duplicates, "duplicates"), isSkippingRefused, reloadEvery);
    }

    Table<R, K, V> skippingRefused() {
        return new Table<>(rows, keyOf, duplicates, true, reloadEvery);
    }

    Table<R, K, V> withReloadEvery(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval must be positive, got " + interval);
        }
        return new Table<>(rows, keyOf, duplicates, isSkippingRefused, interval);
    }

    String place() {
        return rows.input().place();
    }

    /** Rather than of a stream that the user opens. */
    boolean isOfFiles() {
        return !(rows.input() instanceof FileInput input) || input.path() != null;
    }

    LocalLookup<K, V> open(StageContext context) throws IOException {
        if (!reloadEvery.isZero()) {
            return ReloadedTable.open(this, context);
        }
        Map<K, Optional<V>> table = load(context);
        return key -> table.getOrDefault(key, Optional.empty());
    }

    Map<K, Optional<V>> load(StageContext context) throws IOException {
        return new TableLoader<>(this).load(context);
    }
}
