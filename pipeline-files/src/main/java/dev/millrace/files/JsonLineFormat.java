package dev.millrace.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Values as lines of JSON, as {@link Json#lines} reads them. */
final class JsonLineFormat<T> implements LineFormat<T> {

    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final String type;

    JsonLineFormat(Class<T> type) {
        ObjectMapper mapper = JsonMappers.standard();
        this.reader = mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        this.writer = mapper.writerFor(type);
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
        checkReadable(json);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\n') {
                throw new RefusedRecordException(JsonRefusals.article(type) + " must be JSON of one line");
            }
        }
        return line;
    }

    /** The limits of the source are not those of whatever writes. */
    private void checkReadable(byte[] json) {
        try (JsonParser parser = reader.createParser(json)) {
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                throw new RefusedRecordException(JsonRefusals.article(type) + " must not be null");
            }
            do {
                // Only now is the length of a text checked.
                parser.getText();
            } while (parser.nextToken() != null);
        } catch (IOException e) {
            throw new RefusedRecordException(JsonRefusals.article(type) + " could not be read back: "
                    + JsonRefusals.problem(e, null, "$", type));
        }
    }

    @Override
    public int maxLength() {
        return JsonSource.DEFAULT_MAX_LENGTH;
    }

    @Override
    public long wholeEnd(FileInput file, FileChannel channel) throws IOException {
        try (JsonLines lines = new JsonLines(file.name(), Utf8.open(file), maxLength())) {
            PipelineRecord<byte[]> first = lines.next();
            long end = WholeLines.end(channel);
            if (first != null && end == 0 && "{[\"-0123456789".indexOf(first.value()[0]) < 0) {
                throw new IOException(file.name() + ": holds something else, and is left alone");
            }
            if (first != null && end > 0 && first.offset() == 1) {
                reader.readTree(first.value());
            }
            return end;
        } catch (JsonProcessingException e) {
            throw new IOException(file.name() + " line 1: is no JSON, to which lines of JSON could be added");
        }
    }

    /** But for a number, which may be the beginning of another. */
    @Override
    public boolean isWhole(byte[] tail) {
        try {
            return !reader.readTree(tail).isNumber();
        } catch (IOException e) {
            return false;
        }
    }
}
