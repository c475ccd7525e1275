package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.util.Objects;

/** The user's own function of a row. */
final class RowFunction {

    private RowFunction() {}

    static <T> RowMapping<T> of(ThrowingFunction<CsvRow, ? extends T> function) {
        Objects.requireNonNull(function, "function");
        return (columns, file) -> row -> {
            T value;
            try {
                value = function.apply(row);
            } catch (RefusedRecordException refused) {
                throw refused;
            } catch (Exception failure) {
                throw row.refused(
                        "was refused by the row function: " + failure.getClass().getName(), failure);
            }
            if (value == null) {
                throw row.refused("was refused by the row function: it answered null", null);
            }
            return value;
        };
    }
}
