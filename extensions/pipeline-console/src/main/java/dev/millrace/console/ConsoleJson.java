package dev.millrace.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes objects whose fields may be unknown. */
final class ConsoleJson {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final double NANOS_PER_MILLI = 1e6;

    private final JsonGenerator out;

    /** What writes something. */
    interface Part {
        void write() throws IOException;
    }

    /** What writes a value of a list. */
    interface PartOf<T> {
        void write(T value) throws IOException;
    }

    private ConsoleJson(JsonGenerator out) {
        this.out = out;
    }

    static byte[] of(PartOf<ConsoleJson> object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            ConsoleJson json = new ConsoleJson(out);
            json.object(() -> object.write(json));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    void object(Part fields) throws IOException {
        out.writeStartObject();
        fields.write();
        out.writeEndObject();
    }

    void object(String name, Part fields) throws IOException {
        out.writeFieldName(name);
        object(fields);
    }

    <T> void list(String name, Iterable<T> values, PartOf<T> element) throws IOException {
        out.writeArrayFieldStart(name);
        for (T value : values) {
            element.write(value);
        }
        out.writeEndArray();
    }

    void text(String name, String value) throws IOException {
        out.writeStringField(name, value);
    }

    void text(String value) throws IOException {
        out.writeString(value);
    }

    void flag(String name, boolean value) throws IOException {
        out.writeBooleanField(name, value);
    }

    void count(String name, long value) throws IOException {
        out.writeNumberField(name, value);
    }

    void count(String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            count(name, value.getAsLong());
        } else {
            out.writeNullField(name);
        }
    }

    void rate(String name, double perSecond) throws IOException {
        out.writeNumberField(name, perSecond);
    }

    void millis(String name, long nanos) throws IOException {
        out.writeNumberField(name, nanos / NANOS_PER_MILLI);
    }

    void millis(String name, Optional<Duration> time) throws IOException {
        if (time.isPresent()) {
            millis(name, time.get().toNanos());
        } else {
            out.writeNullField(name);
        }
    }
}
