package dev.millrace.json;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * What JSON values become, and how long they may be. Immutable as long as nobody changes the mapper.
 *
 * @param mapper is not to be changed any more
 * @param maxLength in bytes; zero or less for any
 */
public record JsonMapping(Type type, ObjectMapper mapper, long maxLength) {

    private static final long DEFAULT_MAX_LENGTH = 10 << 20;

    /** Checks that type and mapper are there. */
    public JsonMapping {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(mapper, "mapper");
    }

    /** Strict, with limits, values of at most 10 MiB. */
    public static JsonMapping of(Type type) {
        return new JsonMapping(type, JsonMappers.standard(), DEFAULT_MAX_LENGTH);
    }

    /** By a copy of a mapper. */
    public JsonMapping withMapper(ObjectMapper mapper) {
        return new JsonMapping(type, Objects.requireNonNull(mapper, "mapper").copy(), maxLength);
    }

    /** With another length, in bytes; zero or less for any. */
    public JsonMapping withMaxLength(long maxLength) {
        return new JsonMapping(type, mapper, maxLength);
    }

    /** With limits that are changed from what they are, that of the length among them. */
    public JsonMapping withLimits(UnaryOperator<StreamReadConstraints.Builder> change) {
        ObjectMapper copy = mapper.copy();
        StreamReadConstraints.Builder present =
                copy.getFactory().streamReadConstraints().rebuild().maxDocumentLength(maxLength);
        StreamReadConstraints changed = change.apply(present).build();
        copy.getFactory().setStreamReadConstraints(changed);
        return new JsonMapping(type, copy, changed.getMaxDocumentLength());
    }

    /** Refuses a property that is given twice. */
    public JsonMapping refusingDuplicates() {
        ObjectMapper copy = mapper.copy();
        copy.getFactory().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
        return new JsonMapping(type, copy, maxLength);
    }

    /** Refuses a property that the type does not know. */
    public JsonMapping refusingUnknown() {
        ObjectMapper copy = mapper.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        return new JsonMapping(type, copy, maxLength);
    }

    /** Writes without indentation. */
    public JsonMapping onOneLine() {
        ObjectMapper copy = mapper.copy().disable(SerializationFeature.INDENT_OUTPUT);
        return new JsonMapping(type, copy, maxLength);
    }

    /** The type as Jackson knows it. */
    public JavaType javaType() {
        return mapper.constructType(type);
    }

    /** How messages call a value. */
    public String name() {
        return javaType().getRawClass().getSimpleName();
    }
}
