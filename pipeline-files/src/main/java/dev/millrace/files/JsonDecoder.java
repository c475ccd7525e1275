package dev.millrace.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes a value of its bytes: of exactly one JSON value. */
final class JsonDecoder<T> implements Decoder<byte[], T> {

    private final JsonForm form;
    private final ObjectReader reader;
    private final String type;
    private final int maxLength;

    JsonDecoder(JsonForm form, ObjectMapper mapper, Class<T> type, int maxLength) {
        this.form = form;
        // Jackson's messages and locations may quote the text.
        this.reader = mapper.readerFor(type).without(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
        this.type = type.getSimpleName();
        this.maxLength = maxLength;
    }

    @Override
    public T decode(PipelineRecord<byte[]> raw) {
        byte[] bytes = raw.value();
        if (bytes.length > maxLength) {
            throw refused(raw, form.root(raw) + " is longer than " + maxLength + " bytes");
        }
        // The parser is kept in view so that a refusal can say what kind of value it met.
        JsonParser parser = null;
        try {
            parser = reader.createParser(bytes);
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                throw refused(raw, form.root(raw) + " must be " + JsonRefusals.article(type) + ", got null");
            }
            T value = reader.readValue(parser);
            if (parser.nextToken() != null) {
                throw refused(raw, "more follows after the end of the value");
            }
            parser.close();
            return value;
        } catch (IOException e) {
            throw refused(raw, JsonRefusals.problem(e, parser, form.root(raw), type));
        } catch (RefusedRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refused(
                    raw, form.root(raw) + " cannot be read: " + e.getClass().getName());
        }
    }

    /** That of the raw record is a place. */
    @Override
    public @Nullable Object decodeKey(PipelineRecord<byte[]> raw) {
        return null;
    }

    private RefusedRecordException refused(PipelineRecord<byte[]> raw, String problem) {
        return new RefusedRecordException(form.place(raw) + ": " + problem);
    }
}
