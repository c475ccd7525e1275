package dev.millrace.kafka;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads exactly one JSON value. */
final class JsonReader<T> implements Deserializer<T>, SharedDeserializer {

    private final ObjectReader reader;
    private final JsonRefusals refusals;
    private final long maxLength;

    JsonReader(ObjectMapper mapper, JavaType type) {
        // Jackson's messages and locations may quote the text.
        this.reader = mapper.readerFor(type).without(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
        this.refusals = new JsonRefusals(type);
        this.maxLength = mapper.getFactory().streamReadConstraints().getMaxDocumentLength();
    }

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] data) {
        if (data == null) {
            return null;
        }
        if (maxLength > 0 && data.length > maxLength) {
            throw refusals.because("it is " + data.length + " bytes long, more than " + maxLength);
        }
        // The parser is kept in view so that a refusal can say what kind of value it met.
        JsonParser parser = null;
        try {
            parser = reader.createParser(data);
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw refusals.because("it is empty");
            }
            if (first == JsonToken.VALUE_NULL) {
                throw refusals.because("it is the literal null");
            }
            T value = reader.readValue(parser);
            if (parser.nextToken() != null) {
                throw refusals.because("more follows after its end", parser.currentTokenLocation());
            }
            parser.close();
            return value;
        } catch (IOException e) {
            throw refusals.of(e, parser);
        } catch (RefusedRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw refusals.because("reading it failed with " + e.getClass().getName());
        }
    }
}
