package dev.millrace.benchmarks.workload;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Hands a record from one JVM to another, its components as system properties. */
final class Settings {

    private static final String PREFIX = "bench.";

    private Settings() {}

    /** Options that tell a JVM of it. */
    static List<String> options(Record record) {
        List<String> options = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                options.add("-D" + PREFIX + component.getName() + "="
                        + component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return options;
    }

    /** As system properties of this JVM say. */
    static <R extends Record> R read(Class<R> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> value(component.getType(), property(component.getName())))
                .toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(PREFIX + name), PREFIX + name);
    }

    private static Object value(Class<?> type, String text) {
        if (type == long.class) {
            return Long.parseLong(text);
        } else if (type == int.class) {
            return Integer.parseInt(text);
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> ((Enum<?>) constant).name().equals(text))
                    .findFirst()
                    .orElseThrow();
        }
        return text;
    }
}
