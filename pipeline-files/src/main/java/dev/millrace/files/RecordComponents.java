package dev.millrace.files;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a record type is made of, as far as rows are concerned. */
final class RecordComponents {

    private RecordComponents() {}

    /** A component and what makes its value of a text. */
    record Part(String name, Conversion conversion, boolean isPrimitive, boolean isOptional) {}

    static List<Part> of(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null || components.length == 0) {
            throw new IllegalArgumentException(
                    "type must be a record with one component or more, got " + type.getName());
        }
        return Arrays.stream(components).map(RecordComponents::part).toList();
    }

    private static Part part(RecordComponent component) {
        Type type = component.getGenericType();
        boolean isOptional = component.getType() == Optional.class && type instanceof ParameterizedType;
        Type valueType = isOptional ? ((ParameterizedType) type).getActualTypeArguments()[0] : type;
        try {
            Conversion conversion = Conversion.to(valueType instanceof Class<?> known ? known : component.getType());
            return new Part(component.getName(), conversion, component.getType().isPrimitive(), isOptional);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "component '" + component.getName() + "' of "
                            + component.getDeclaringRecord().getName() + " must have a type that text converts to, got "
                            + type.getTypeName(),
                    e);
        }
    }

    /** The canonical constructor, of all arguments in one array. */
    static MethodHandle constructor(Class<?> type) {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(parameters);
            if (!constructor.trySetAccessible()) {
                throw closed(type);
            }
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asSpreader(Object[].class, parameters.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException("a record without its canonical constructor: " + type.getName(), e);
        }
    }

    /** What reads each component of a record, of an object to an object. */
    static List<MethodHandle> accessors(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> accessor(type, component))
                .toList();
    }

    private static MethodHandle accessor(Class<?> type, RecordComponent component) {
        Method accessor = component.getAccessor();
        if (!accessor.trySetAccessible()) {
            throw closed(type);
        }
        try {
            return MethodHandles.lookup().unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("an accessor that is not accessible: " + accessor, e);
        }
    }

    private static IllegalArgumentException closed(Class<?> type) {
        return new IllegalArgumentException(type.getName() + " must be open to dev.millrace.files: add 'opens "
                + type.getPackageName() + " to dev.millrace.files;' to module "
                + type.getModule().getName());
    }
}
