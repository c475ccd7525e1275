package dev.millrace.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;

/** Makes a value of its bytes: of exactly one JSON value. */
final class JsonDecoder<T> implements Decoder<byte[], T> {

    private final JsonForm form;
    private final ObjectReader reader;
    private final String type;
    private final int maxLength;

    JsonDecoder(JsonForm form, JsonMapping mapping) {
        this.form = form;
        // Jackson's messages and locations may quote the text.
        this.reader =
                mapping.mapper().readerFor(mapping.javaType()).without(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
        this.type = mapping.name();
        this.maxLength = mapping.maxLength();
    }

    @Override
    public T decode(PipelineRecord<byte[]> raw) {
        byte[] bytes = raw.value();
        String root = form.root(raw.offset());
        if (bytes.length > maxLength) {
            throw refused(raw, root + " is longer than " + maxLength + " bytes");
        }
        // The parser is kept in view so that a refusal can say what kind of value it met.
        JsonParser parser = null;
        try {
            parser = reader.createParser(bytes);
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                throw refused(raw, root + " must be " + JsonRefusals.article(type) + ", got null");
            }
            T value = reader.readValue(parser);
            if (parser.nextToken() != null) {
                throw refused(raw, "more follows after the end of the value");
            }
            parser.close();
            return value;
        } catch (IOException e) {
            throw refused(raw, JsonRefusals.problem(e, parser, root, type));
        } catch (RefusedRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refused(raw, root + " cannot be read: " + e.getClass().getName());
        }
    }

    /** Where the path says which value it is, no place is put before it. */
    private RefusedRecordException refused(PipelineRecord<byte[]> raw, String problem) {
        String place = form.place(raw.offset());
        return new RefusedRecordException(
                raw.partition() + " " + (problem.startsWith(place) ? problem : place + ": " + problem));
    }
}
