package dev.millrace.parquet;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A record, component by component. */
record RecordForm(List<Part> parts) implements ValueForm {

    /** A component and what reads it, of an object to an object. */
    record Part(String name, MethodHandle accessor, ValueForm form) {}

    /**
     * The form of a type of rows.
     *
     * @throws IllegalArgumentException if it is no record, or a file cannot keep one
     */
    static RecordForm of(Class<?> type, Map<Class<?>, ValueForm> scalars) {
        return of(type, scalars, "", Set.of());
    }

    static RecordForm of(Class<?> type, Map<Class<?>, ValueForm> scalars, String prefix, Set<Class<?>> within) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null || components.length == 0) {
            throw new IllegalArgumentException(
                    "type must be a record with one component or more, got " + type.getName());
        }
        if (within.contains(type)) {
            throw new IllegalArgumentException("type must not be part of itself, got " + type.getName());
        }
        Set<Class<?>> inner = new HashSet<>(within);
        inner.add(type);
        List<Part> parts = new ArrayList<>();
        for (RecordComponent component : components) {
            String name = component.getName();
            ValueForm form = ValueForm.of(component.getGenericType(), scalars, prefix + name, inner);
            parts.add(new Part(name, accessor(component), form));
        }
        // In whatever order they are: columns go by their names.
        parts.sort(Comparator.comparing(Part::name));
        return new RecordForm(parts);
    }

    private static MethodHandle accessor(RecordComponent component) {
        Method accessor = component.getAccessor();
        Class<?> type = component.getDeclaringRecord();
        Lookup lookup = MethodHandles.lookup();
        if (type.getModule().isNamed()) {
            // Carpet reads records of modules in no other way.
            lookup = MethodHandles.publicLookup();
        } else {
            accessor.setAccessible(true);
        }
        try {
            return lookup.unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    type.getName() + " must be public, and module "
                            + type.getModule().getName() + " must export or open its package " + type.getPackageName(),
                    e);
        }
    }

    @Override
    public void put(Object row, DataOutputStream out) throws IOException {
        for (Part part : parts) {
            part.form().putAny(component(row, part.accessor()), out);
        }
    }

    private static Object component(Object row, MethodHandle accessor) {
        try {
            return accessor.invoke(row);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an accessor of a record threw", e);
        }
    }
}
