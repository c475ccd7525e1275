package dev.millrace.files;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.json.JsonMapping;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/**
 * JSON files as sources and sinks. Values are made by Jackson: records, beans, collections, or trees where no type is
 * given.
 *
 * <p><b>Reading</b> is strict where a value would silently become another one: no {@code null} for a value, no text for
 * a number, no fraction for an integer, no {@code null} and no absence for a component of primitive type; numbers for
 * text are taken as they are written. Numbers with a fraction in trees are {@code BigDecimal}s of all their digits;
 * those that are infinite as a {@code double}, or have more than 1,000 digits when written out, are refused. Properties
 * that the type does not know are ignored, and of one given twice the last counts. Times are ISO text, and neither
 * numbers nor dates that there are not; an {@code Instant} without zone means UTC, and the {@code T} may be a space.
 * {@code @JsonFormat} may set a pattern, or ask for a number. Types come from the type given here, never from the data.
 * In a module, the package of the type must be open to {@code com.fasterxml.jackson.databind}.
 * {@link JsonSource#mapper} and {@link JsonSink#mapper} say otherwise.
 *
 * <p><b>Limits</b> of a value, against input that is made to exhaust memory or time: 10 MiB, see
 * {@link JsonSource#maxLength}; nesting 100, a text 1 MiB, a name 1 KiB, a number 100 digits, 1,000,000 tokens. A sink
 * refuses what is beyond them, so that all it writes can be read.
 */
public final class Json {

    private Json() {}

    /** The elements of a file that holds one JSON array, as trees. */
    public static JsonSource<JsonNode> array(Path file) {
        return array(file, JsonNode.class);
    }

    /** The elements of a file that holds one JSON array. */
    public static <T> JsonSource<T> array(Path file, Class<T> type) {
        return source(file, JsonForm.ARRAY, type);
    }

    /**
     * As {@link #array(Path, Class)}, of a type with parameters: {@code new TypeReference<Map<String, Rating>>() {}}.
     */
    public static <T> JsonSource<T> array(Path file, TypeReference<T> type) {
        return source(file, JsonForm.ARRAY, type.getType());
    }

    /** The lines of a file that holds a JSON value in each, as trees. */
    public static JsonSource<JsonNode> lines(Path file) {
        return lines(file, JsonNode.class);
    }

    /** The lines of a file that holds a JSON value in each: JSON Lines, also called NDJSON. */
    public static <T> JsonSource<T> lines(Path file, Class<T> type) {
        return source(file, JsonForm.LINES, type);
    }

    /**
     * As {@link #lines(Path, Class)}, of a type with parameters: {@code new TypeReference<Map<String, Rating>>() {}}.
     */
    public static <T> JsonSource<T> lines(Path file, TypeReference<T> type) {
        return source(file, JsonForm.LINES, type.getType());
    }

    /**
     * A sink that adds a line of JSON for each value to a file, which {@link #lines(Path, Class)} reads back. When it
     * is acknowledged, what happens to a torn line, a file that is moved away, or one that cannot be written, is as of
     * {@link Csv#appending}, but that a last line which only lacks its end is given one, and that there is no header: a
     * file that is there must have JSON in its first line. A number alone may be the beginning of another, and so
     * counts as torn.
     *
     * @throws IllegalArgumentException if the file is named {@code .gz}: what is appended is not packed
     */
    public static <T> JsonSink<T> appending(Path file, Class<T> type) {
        return appendingOf(file, type);
    }

    /** As {@link #appending(Path, Class)}, of a type with parameters. */
    public static <T> JsonSink<T> appending(Path file, TypeReference<T> type) {
        return appendingOf(file, type.getType());
    }

    /**
     * A sink that replaces a file by each snapshot: a collection of values, a line of JSON each. All else is as of
     * {@link Csv#replacing}.
     */
    public static <T> JsonSink<Collection<? extends T>> replacing(Path file, Class<T> type) {
        return replacingOf(file, type);
    }

    /** As {@link #replacing(Path, Class)}, of values of a type with parameters. */
    public static <T> JsonSink<Collection<? extends T>> replacing(Path file, TypeReference<T> type) {
        return replacingOf(file, type.getType());
    }

    private static <T> JsonSource<T> source(Path file, JsonForm form, Type type) {
        return new JsonSource<>(FileInput.of(file), form, JsonMapping.of(type));
    }

    private static <T> JsonSink<T> appendingOf(Path file, Type type) {
        Objects.requireNonNull(file, "file");
        return new JsonSink<>(
                JsonMapping.of(type), mapping -> new AppendingSink<>(file, new JsonLineFormat<>(mapping)));
    }

    private static <T> JsonSink<Collection<? extends T>> replacingOf(Path file, Type type) {
        Objects.requireNonNull(file, "file");
        return new JsonSink<>(
                JsonMapping.of(type), mapping -> LineSnapshots.replacing(file, new JsonLineFormat<T>(mapping)));
    }
}
