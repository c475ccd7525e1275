package dev.millrace.files;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Type;
import java.util.Objects;

/**
 * What JSON values become, and how long they may be.
 *
 * @param maxLength in bytes
 */
record JsonMapping(Type type, ObjectMapper mapper, int maxLength) {

    private static final int DEFAULT_MAX_LENGTH = 10 << 20;
    /** Some of it is in memory twice, in arrays. */
    private static final int LARGEST_MAX_LENGTH = 1 << 30;

    JsonMapping {
        Objects.requireNonNull(type, "type");
        if (maxLength < 1 || maxLength > LARGEST_MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "maxLength must be from 1 to " + LARGEST_MAX_LENGTH + ", got " + maxLength);
        }
    }

    static JsonMapping of(Type type) {
        return new JsonMapping(type, JsonMappers.standard(), DEFAULT_MAX_LENGTH);
    }

    JsonMapping withMapper(ObjectMapper mapper) {
        return new JsonMapping(type, Objects.requireNonNull(mapper, "mapper").copy(), maxLength);
    }

    JsonMapping withMaxLength(int maxLength) {
        return new JsonMapping(type, mapper, maxLength);
    }

    JavaType javaType() {
        return mapper.constructType(type);
    }

    /** How messages call a value. */
    String name() {
        return javaType().getRawClass().getSimpleName();
    }
}
