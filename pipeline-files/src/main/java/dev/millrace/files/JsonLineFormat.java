package dev.millrace.files;

import com.fasterxml.jackson.core.JsonToken;
import dev.millrace.json.JsonCodec;
import dev.millrace.json.JsonMapping;
import dev.millrace.json.JsonRefusedException;
import dev.millrace.json.JsonWords;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Values as lines of JSON, as {@link Json#lines} reads them. */
final class JsonLineFormat<T> implements LineFormat<T> {

    private final JsonCodec<T> codec;
    private final String type;
    private final int maxLength;

    JsonLineFormat(JsonMapping mapping) {
        this.codec = new JsonCodec<>(mapping.onOneLine());
        this.type = JsonWords.article(mapping.name());
        this.maxLength = (int) mapping.maxLength();
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
        byte[] json = encode(value);
        if (json.length > maxLength) {
            throw new RefusedRecordException(
                    "a value must not be longer than " + maxLength + " bytes, got " + json.length);
        }
        checkReadable(json);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        for (byte one : json) {
            if (one == '\n') {
                throw new RefusedRecordException(type + " must be JSON of one line");
            }
        }
        return line;
    }

    private byte[] encode(T value) {
        try {
            return codec.encode(value);
        } catch (JsonRefusedException e) {
            throw new RefusedRecordException(type + " cannot be written as JSON: " + e.getMessage());
        }
    }

    /** The limits of the source are not those of whatever writes. */
    private void checkReadable(byte[] json) {
        try {
            if (codec.scan(json) == JsonToken.VALUE_NULL) {
                throw new RefusedRecordException(type + " must not be null");
            }
        } catch (JsonRefusedException e) {
            throw new RefusedRecordException(type + " could not be read back: " + e.getMessage());
        }
    }

    @Override
    public int maxLength() {
        return maxLength;
    }

    @Override
    public long wholeEnd(FileInput file, FileChannel channel) throws IOException {
        try (JsonLines lines = new JsonLines(file.name(), Utf8.open(file), maxLength)) {
            PipelineRecord<byte[]> first = lines.next();
            long end = WholeLines.end(channel);
            if (first != null && end == 0 && "{[\"-0123456789".indexOf(first.value()[0]) < 0) {
                throw new IOException(file.name() + ": holds something else, and is left alone");
            }
            if (first != null && end > 0 && first.offset() == 0) {
                codec.scan(first.value());
            }
            return end;
        } catch (JsonRefusedException e) {
            throw new IOException(file.name() + " line 1: is no JSON, to which lines of JSON could be added");
        }
    }

    /** But for a number, which may be the beginning of another. */
    @Override
    public boolean isWhole(byte[] tail) {
        try {
            return !codec.scan(tail).isNumeric();
        } catch (JsonRefusedException e) {
            return false;
        }
    }
}
