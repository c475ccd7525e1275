package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.RefusedRecordException;

/** Maps rows by a user's function. */
record FunctionMapper<T>(ThrowingFunction<? super CsvRow, ? extends T> function) implements RowMapper<T> {

    @Override
    public int width() {
        return 0;
    }

    @Override
    public void check(Columns columns) {}

    @Override
    public T map(CsvRow row) {
        T value;
        try {
            value = function.apply(row);
        } catch (RefusedRecordException e) {
            throw e;
        } catch (Exception e) {
            throw new RefusedRowException(
                    row, "the row function threw " + e.getClass().getName(), e);
        }
        if (value == null) {
            throw new RefusedRowException(row, "the row function returned null");
        }
        return value;
    }
}
