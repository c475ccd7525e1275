package dev.millrace.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.util.Arrays;

/** Values as lines of JSON, as {@link Json#lines} reads them. */
final class JsonLineFormat<T> implements LineFormat<T> {

    private final ObjectWriter writer;
    private final String type;

    JsonLineFormat(Class<T> type) {
        this.writer = JsonMappers.standard().writerFor(type);
        this.type = type.getSimpleName();
    }

    @Override
    public String kind() {
        return "JSON file";
    }

    @Override
    public byte[] header() {
        return new byte[0];
    }

    @Override
    public byte[] line(T value) {
        byte[] json;
        try {
            json = writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            // Neither its message nor the exception itself: both may quote the value.
            throw new RefusedRecordException(JsonRefusals.article(type) + " cannot be written as JSON: "
                    + e.getClass().getSimpleName());
        }
        if (json.length > maxLength()) {
            throw new RefusedRecordException(
                    "a line must not be longer than " + maxLength() + " bytes, got " + json.length);
        }
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n') {
                throw new RefusedRecordException(JsonRefusals.article(type) + " must be JSON of one line");
            }
        }
        return line;
    }

    @Override
    public int maxLength() {
        return JsonSource.DEFAULT_MAX_LENGTH;
    }

    @Override
    public boolean isQuoted() {
        return false;
    }

    @Override
    public void check(FileInput file) {}
}
