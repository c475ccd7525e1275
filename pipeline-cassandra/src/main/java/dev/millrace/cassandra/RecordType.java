package dev.millrace.cassandra;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record type that can be taken apart and put together. */
final class RecordType<T> {

    private static final MethodType READ = MethodType.methodType(Object.class, Object.class);

    private final Class<T> type;
    private final RecordComponent[] components;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;

    private RecordType(
            Class<T> type, RecordComponent[] components, MethodHandle[] accessors, MethodHandle constructor) {
        this.type = type;
        this.components = components;
        this.accessors = accessors;
        this.constructor = constructor;
    }

    static <T> RecordType<T> of(Class<T> type) {
        if (!Objects.requireNonNull(type, "type").isRecord()) {
            throw new IllegalArgumentException("type must be a record, got " + type.getName());
        }
        RecordComponent[] components = type.getRecordComponents();
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle[] accessors = new MethodHandle[components.length];
            for (int i = 0; i < components.length; i++) {
                Method accessor = opened(components[i].getAccessor(), type);
                accessors[i] = lookup.unreflect(accessor).asType(READ);
            }
            Constructor<T> canonical = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            MethodHandle constructor = lookup.unreflectConstructor(opened(canonical, type))
                    .asType(MethodType.genericMethodType(components.length))
                    .asSpreader(Object[].class, components.length);
            return new RecordType<>(type, components, accessors, constructor);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalArgumentException("record " + type.getName() + " cannot be used", e);
        }
    }

    private static <M extends AccessibleObject> M opened(M member, Class<?> type) {
        if (!member.trySetAccessible()) {
            throw new IllegalArgumentException("record " + type.getName()
                    + " must be public in an exported package, or its package opened: 'opens " + type.getPackageName()
                    + " to " + RecordType.class.getModule().getName() + "' in module "
                    + type.getModule().getName());
        }
        return member;
    }

    String name() {
        return type.getSimpleName();
    }

    RecordComponent[] components() {
        return components;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    RecordComponent component(String name) {
        return Arrays.stream(components)
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("component must be one of record " + name() + " "
                        + Arrays.stream(components)
                                .map(RecordComponent::getName)
                                .toList() + ", got '" + name + "'"));
    }

    /** What reads a component. */
    MethodHandle accessor(RecordComponent component) {
        return accessors[Arrays.asList(components).indexOf(component)];
    }

    /** A record of these values, one for each component. */
    T construct(@Nullable Object[] values) throws Throwable {
        return type.cast(constructor.invoke(values));
    }
}
