package dev.millrace.files;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.spi.Sink;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/**
 * JSON files as sources and sinks. Values are made by Jackson: records, beans, collections, or trees where no type is
 * given.
 *
 * <p><b>Reading</b> is strict where a value would silently become another one: no {@code null} for a value, no text for
 * a number nor the reverse of it, no fraction for an integer, no {@code null} and no absence for a component of
 * primitive type; numbers for text are taken as they are written. Properties that the type does not know are ignored,
 * and of one given twice the last counts. Times are ISO text; an {@code Instant} without zone means UTC, and the
 * {@code T} may be a space. Types come from the type given here, never from the data. In a module, the package of the
 * type must be open to {@code com.fasterxml.jackson.databind}. {@link JsonSource#mapper} says otherwise.
 *
 * <p><b>Limits</b> of a value, against input that is made to exhaust memory or time: 10 MiB, see
 * {@link JsonSource#maxLength}; nesting 100, a text 1 MiB, a name 1 KiB, a number 100 digits, 1,000,000 tokens.
 */
public final class Json {

    private Json() {}

    /** The elements of a file that holds one JSON array, as trees. */
    public static JsonSource<JsonNode> array(Path file) {
        return array(file, JsonNode.class);
    }

    /** The elements of a file that holds one JSON array. */
    public static <T> JsonSource<T> array(Path file, Class<T> type) {
        return JsonSource.of(FileInput.of(file), JsonForm.ARRAY, type);
    }

    /** The lines of a file that holds a JSON value in each, as trees. */
    public static JsonSource<JsonNode> lines(Path file) {
        return lines(file, JsonNode.class);
    }

    /** The lines of a file that holds a JSON value in each: JSON Lines, also called NDJSON. */
    public static <T> JsonSource<T> lines(Path file, Class<T> type) {
        return JsonSource.of(FileInput.of(file), JsonForm.LINES, type);
    }

    /**
     * A sink that adds a line of JSON for each value to a file, which {@link #lines(Path, Class)} reads back. When it
     * is acknowledged, what happens to a torn line, a file that is moved away, or one that cannot be written, is as of
     * {@link Csv#appending}, but that a last line which only lacks its end is given one; there is no header. A value
     * that Jackson cannot write, or that {@link #lines(Path, Class)} would refuse for its size or as {@code null}, is
     * refused.
     *
     * @throws IllegalArgumentException if the file is named {@code .gz}: what is appended is not packed
     */
    public static <T> Sink<T> appending(Path file, Class<T> type) {
        return new AppendingSink<>(Objects.requireNonNull(file, "file"), jsonLines(type));
    }

    /**
     * A sink that replaces a file by each snapshot: a collection of values, a line of JSON each. All else is as of
     * {@link Csv#replacing}.
     */
    public static <T> Sink<Collection<? extends T>> replacing(Path file, Class<T> type) {
        return new ReplacingSink<>(Objects.requireNonNull(file, "file"), jsonLines(type));
    }

    private static <T> LineFormat<T> jsonLines(Class<T> type) {
        return new JsonLineFormat<>(Objects.requireNonNull(type, "type"));
    }
}
