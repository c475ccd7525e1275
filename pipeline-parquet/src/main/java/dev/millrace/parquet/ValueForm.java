package dev.millrace.parquet;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a value of a column is as bytes. */
@FunctionalInterface
interface ValueForm {

    String SUPPORTED = "text, a number, a boolean, a date or time, a UUID, an enum, a record, or a List of these";

    /**
     * Adds the bytes of a value that is not null.
     *
     * @throws RefusedRecordException if a file cannot keep it
     */
    void put(Object value, DataOutputStream out) throws IOException;

    /** Adds the bytes of a value, or of none. */
    default void putAny(@Nullable Object value, DataOutputStream out) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            put(value, out);
        }
    }

    /**
     * The form of values of a type.
     *
     * @param scalars the forms of those that have no parts
     * @param name the column, for messages
     * @param within the records that it is part of
     * @throws IllegalArgumentException if a file cannot keep such values
     */
    static ValueForm of(Type type, Map<Class<?>, ValueForm> scalars, String name, Set<Class<?>> within) {
        if (type instanceof Class<?> known) {
            ValueForm scalar = scalars.get(known);
            if (scalar != null) {
                return named(scalar, name);
            }
            if (known.isEnum()) {
                return (value, out) -> Scalars.putText(((Enum<?>) value).name(), out);
            }
            if (known.isRecord()) {
                return RecordForm.of(known, scalars, name + ".", within);
            }
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return list(of(generic.getActualTypeArguments()[0], scalars, name, within));
        }
        throw new IllegalArgumentException(
                "component '" + name + "' must be " + SUPPORTED + ", got " + type.getTypeName());
    }

    private static ValueForm list(ValueForm element) {
        return (value, out) -> {
            List<?> elements = (List<?>) value;
            out.writeInt(elements.size());
            for (Object each : elements) {
                element.putAny(each, out);
            }
        };
    }

    /** Says of which column the value is that is refused. */
    private static ValueForm named(ValueForm form, String name) {
        return (value, out) -> {
            try {
                form.put(value, out);
            } catch (CharacterCodingException e) {
                throw new RefusedRecordException("column '" + name + "' must not have half of a surrogate pair", e);
            } catch (ArithmeticException e) {
                throw new RefusedRecordException("column '" + name + "' must be a time that a file can keep", e);
            }
        };
    }
}
