package dev.millrace.files;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as records of one type, made by its canonical constructor. */
final class RecordRows<T> implements RowMapping<T> {

    private final MethodHandle constructor;
    private final RecordComponent[] components;
    private final FieldParser[] parsers;

    private RecordRows(MethodHandle constructor, RecordComponent[] components, FieldParser[] parsers) {
        this.constructor = constructor;
        this.components = components;
        this.parsers = parsers;
    }

    static <T extends Record> RowMapping<T> of(Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        FieldParser[] parsers = new FieldParser[components.length];
        for (int i = 0; i < components.length; i++) {
            parsers[i] = FieldParser.of(components[i]);
        }
        return new RecordRows<>(constructorOf(type, components), components, parsers);
    }

    private static MethodHandle constructorOf(Class<?> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException | RuntimeException inaccessible) {
            throw new IllegalArgumentException(
                    "record " + type.getName() + " must be accessible: open its package to module dev.millrace.files",
                    inaccessible);
        }
    }

    @Override
    public RowReader<T> of(Map<String, Integer> columns, String file) {
        int[] indexes = new int[components.length];
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            Integer index = columns.isEmpty() ? Integer.valueOf(i) : indexOf(components[i].getName(), columns);
            if (index == null) {
                missing.add(components[i].getName());
            } else {
                indexes[i] = index;
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + file + "' must have columns for " + missing + ", it has " + columns.keySet());
        }
        int width = columns.isEmpty() ? components.length : columns.size();
        return row -> read(row, indexes, width);
    }

    private static @Nullable Integer indexOf(String component, Map<String, Integer> columns) {
        Integer exact = columns.get(component);
        if (exact != null) {
            return exact;
        }
        return columns.entrySet().stream()
                .filter(column -> plain(column.getKey()).equals(plain(component)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static String plain(String name) {
        return name.replaceAll("[_\\s-]", "").toLowerCase(Locale.ROOT);
    }

    @SuppressWarnings("unchecked")
    private T read(CsvRow row, int[] indexes, int width) {
        if (row.size() != width) {
            throw row.refused("must have " + width + " columns, it has " + row.size(), null);
        }
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = parsers[i].parse(row, row.get(indexes[i]), components[i].getName());
        }
        try {
            return (T) constructor.invokeExact(values);
        } catch (Exception | LinkageError | StackOverflowError failure) {
            throw row.refused("was refused by the record: " + failure.getClass().getName(), failure);
        } catch (Throwable fatal) {
            throw (Error) fatal;
        }
    }
}
