package dev.millrace.pipeline;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a value apart into the columns of a table. */
final class TableRow {

    /** The column of what has no parts. */
    private static final String VALUE = "value";

    private TableRow() {}

    /**
     * What stands in a column.
     *
     * @param text of the value, as it describes itself
     * @param mayBeNumber whether it may stand in a column of numbers
     */
    record Cell(String text, boolean mayBeNumber) {

        static Cell of(@Nullable Object value) {
            return new Cell(CellText.of(value), value == null || value instanceof Number);
        }
    }

    /**
     * The components of a record, the entries of a map, or the value itself.
     *
     * @throws Exception what an accessor throws
     */
    static Map<String, Cell> of(Object value) throws Exception {
        Map<String, Cell> row = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, part) -> row.put(String.valueOf(name), Cell.of(part)));
        } else if (value.getClass().isRecord()) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Method accessor = component.getAccessor();
                if (accessor.trySetAccessible()) {
                    row.put(component.getName(), Cell.of(part(accessor, value)));
                }
            }
        }
        if (row.isEmpty()) {
            row.put(VALUE, Cell.of(value));
        }
        return row;
    }

    private static @Nullable Object part(Method accessor, Object value) throws Exception {
        try {
            return accessor.invoke(value);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw thrown;
        }
    }
}
