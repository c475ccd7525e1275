package dev.millrace.kafka;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.json.JsonCodec;
import dev.millrace.json.JsonMapping;
import java.lang.reflect.Type;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Values as JSON text in UTF-8, by Jackson: records, beans, collections, trees.
 *
 * <p><b>Reading</b> is strict where a record would silently become another one: exactly one JSON value, and not
 * {@code null}; no text for a number, no fraction for an integer, no {@code null} and no absence for a component of
 * primitive type; numbers for text are taken as they are written. Numbers with a fraction in trees are
 * {@code BigDecimal}s of all their digits; those that are infinite as a {@code double}, or have more than 1,000 digits
 * when written out, are refused. Properties that the type does not know are ignored, unless
 * {@link #refusingUnknownProperties}. Of a property given twice the last one counts, unless
 * {@link #refusingDuplicateProperties}. What is refused is a {@link dev.millrace.pipeline.spi.RefusedRecordException}
 * with path, line and column, and never with any of the text.
 *
 * <p><b>Times</b> are ISO text, such as {@code 2025-03-25T09:53:42.472256Z}, written and read. An {@code Instant} given
 * without zone means UTC; the {@code T} may be a space. Numbers are refused, and dates that there are not.
 * {@code @JsonFormat} may set a pattern, of which the same holds, or ask for a number.
 *
 * <p><b>Limits</b>, against input that is made to exhaust memory or time: document 10 MiB, nesting 100, text 1 MiB,
 * names 1 KiB, numbers 100 digits, 1,000,000 tokens. See {@link #limits}. Of what is written only the length is held to
 * them, and a number must be finite.
 *
 * <p>No bytes are no value and the reverse: a tombstone is {@code null}. Types come from the type given here, never
 * from the data. Immutable and thread-safe.
 *
 * @param <T> type of the values
 */
public final class JsonSerde<T> implements Serde<T> {

    private final JsonMapping mapping;
    private final JsonReader<T> reader;
    private final JsonWriter<T> writer;

    private JsonSerde(JsonMapping mapping) {
        JsonCodec<T> codec = new JsonCodec<>(mapping);
        this.mapping = mapping;
        this.reader = new JsonReader<>(codec, mapping.name());
        this.writer = new JsonWriter<>(codec, mapping.name(), mapping.maxLength());
    }

    /** Of a class, such as a record. */
    public static <T> JsonSerde<T> of(Class<T> type) {
        return new JsonSerde<>(JsonMapping.of(type));
    }

    /** Of a type with parameters: {@code JsonSerde.of(new TypeReference<List<Rating>>() {})}. */
    public static <T> JsonSerde<T> of(TypeReference<T> type) {
        return new JsonSerde<>(JsonMapping.of(type.getType()));
    }

    /**
     * Of a class, by a mapper with settings of its own, which is copied. What is said above of strictness, times and
     * limits is then up to that mapper, except for exactly one value that is not {@code null}.
     */
    public static <T> JsonSerde<T> of(Class<T> type, ObjectMapper mapper) {
        return by(mapper, type);
    }

    /** As {@link #of(Class, ObjectMapper)}, of a type with parameters. */
    public static <T> JsonSerde<T> of(TypeReference<T> type, ObjectMapper mapper) {
        return by(mapper, type.getType());
    }

    private static <T> JsonSerde<T> by(ObjectMapper mapper, Type type) {
        long maxLength = mapper.getFactory().streamReadConstraints().getMaxDocumentLength();
        return new JsonSerde<>(JsonMapping.of(type).withMapper(mapper).withMaxLength(maxLength));
    }

    /** Of whatever JSON there is, as a tree. */
    public static JsonSerde<JsonNode> tree() {
        return of(JsonNode.class);
    }

    /**
     * With limits that are changed from what they are: {@code limits(it -> it.maxDocumentLength(100 << 20))} leaves the
     * others alone.
     */
    public JsonSerde<T> limits(UnaryOperator<StreamReadConstraints.Builder> change) {
        return new JsonSerde<>(mapping.withLimits(change));
    }

    /** A property given twice in one object is refused. Costs a quarter of the reading speed. */
    public JsonSerde<T> refusingDuplicateProperties() {
        return new JsonSerde<>(mapping.refusingDuplicates());
    }

    /** A property that the type does not know is refused. */
    public JsonSerde<T> refusingUnknownProperties() {
        return new JsonSerde<>(mapping.refusingUnknown());
    }

    /** Writes values; thread-safe. */
    @Override
    public Serializer<T> serializer() {
        return writer;
    }

    /** Reads values; thread-safe. */
    @Override
    public Deserializer<T> deserializer() {
        return reader;
    }

    @Override
    public String toString() {
        return "JsonSerde[" + mapping.javaType().toCanonical() + "]";
    }
}
