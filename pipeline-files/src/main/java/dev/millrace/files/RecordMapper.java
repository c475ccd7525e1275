package dev.millrace.files;

import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Maps rows to records: columns to components, by name where they have names, else by place. */
final class RecordMapper<T> implements RowMapper<T> {

    private final Class<T> type;
    private final List<RecordComponents.Part> parts;
    private final MethodHandle constructor;
    private volatile Binding binding = new Binding(Columns.unnamed(0), new int[0]);

    /** Which column each component takes; kept, for all rows of a file have the same columns. */
    private record Binding(Columns columns, int[] indexes) {}

    /**
     * A mapper to a record type.
     *
     * @throws IllegalArgumentException if a component has a type that no text converts to, or the constructor is closed
     */
    RecordMapper(Class<T> type) {
        this.type = type;
        this.parts = RecordComponents.of(type);
        this.constructor = RecordComponents.constructor(type);
    }

    @Override
    public int width() {
        return parts.size();
    }

    @Override
    public void check(Columns columns) {
        binding = bind(columns);
    }

    @Override
    public T map(CsvRow row) {
        Binding current = binding;
        if (current.columns() != row.header()) {
            current = bind(row.header());
            binding = current;
        }
        @Nullable Object[] arguments = new Object[parts.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(row, parts.get(i), current.indexes()[i]);
        }
        return construct(row, arguments);
    }

    private static @Nullable Object argument(CsvRow row, RecordComponents.Part part, int index) {
        Object value = row.convert(index, part.conversion());
        if (part.isOptional()) {
            return Optional.ofNullable(value);
        }
        if (value == null && part.isPrimitive()) {
            throw new RefusedRowException(row, row.header().label(index) + " must not be empty");
        }
        return value;
    }

    private T construct(CsvRow row, @Nullable Object[] arguments) {
        try {
            @SuppressWarnings("unchecked")
            T value = (T) (Object) constructor.invokeExact(arguments);
            return value;
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new RefusedRowException(
                    row, type.getSimpleName() + " threw " + e.getClass().getName() + " when made of the row", e);
        }
    }

    private Binding bind(Columns columns) {
        int[] indexes = new int[parts.size()];
        if (!columns.areNamed() && columns.width() != indexes.length) {
            throw new IllegalArgumentException(
                    type.getSimpleName() + " takes " + indexes.length + " columns, there are " + columns.width());
        }
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = columns.areNamed() ? index(columns, parts.get(i).name()) : i;
        }
        return new Binding(columns, indexes);
    }

    private int index(Columns columns, String component) {
        int index = columns.indexFor(component);
        if (index < 0) {
            String count = index == Columns.AMBIGUOUS ? "more than one" : "none";
            throw new IllegalArgumentException("one column must be for component '" + component + "' of "
                    + type.getSimpleName() + ", " + count + " of the " + columns.width() + " is");
        }
        return index;
    }
}
