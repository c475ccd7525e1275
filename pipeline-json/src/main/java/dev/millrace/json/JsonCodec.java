package dev.millrace.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;

/**
 * Reads and writes values as JSON, one a text. Thread-safe.
 *
 * @param <T> type of the values
 */
public final class JsonCodec<T> {

    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final JsonRefusals refusals;
    private final long maxLength;

    /** A codec of a mapping of this type. */
    public JsonCodec(JsonMapping mapping) {
        // Jackson's messages and locations may quote the text.
        this.reader =
                mapping.mapper().readerFor(mapping.javaType()).without(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
        this.writer = mapping.mapper().writerFor(mapping.javaType());
        this.refusals = new JsonRefusals(mapping.name(), new KnownProperties(mapping.mapper()));
        this.maxLength = mapping.maxLength();
    }

    /**
     * The value of a text in UTF-8, which must be exactly one, and not {@code null}.
     *
     * @throws JsonRefusedException if there is none
     */
    public T decode(byte[] json) throws JsonRefusedException {
        if (maxLength > 0 && json.length > maxLength) {
            throw refusals.because(" is longer than " + maxLength + " bytes", null);
        }
        // The parser is kept in view so that a refusal can say what kind of value it met.
        JsonParser parser = null;
        try {
            parser = reader.createParser(json);
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                throw refusals.mustBe(JsonWords.kind(first, "nothing"), null);
            }
            T value = reader.readValue(parser);
            checkEnd(parser);
            parser.close();
            return value;
        } catch (IOException e) {
            throw refusals.of(e, parser);
        } catch (RuntimeException e) {
            throw refusals.because(" cannot be read: " + e.getClass().getName(), null);
        }
    }

    /**
     * Looks at each token, and makes nothing of them.
     *
     * @return the first of them
     * @throws JsonRefusedException if it is not exactly one value, or beyond the limits of whatever type
     */
    public JsonToken scan(byte[] json) throws JsonRefusedException {
        try (JsonParser parser = reader.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw refusals.mustBe("nothing", null);
            }
            int depth = 0;
            for (JsonToken token = first; token != null; token = depth > 0 ? parser.nextToken() : null) {
                depth += token.isStructStart() ? 1 : 0;
                depth -= token.isStructEnd() ? 1 : 0;
                // Only now is the length of a text checked.
                parser.getText();
            }
            checkEnd(parser);
            return first;
        } catch (IOException e) {
            throw refusals.of(e, null);
        }
    }

    private void checkEnd(JsonParser parser) throws IOException, JsonRefusedException {
        if (parser.nextToken() != null) {
            throw refusals.because(" is followed by more", parser.currentTokenLocation());
        }
    }

    /**
     * The text of a value, in UTF-8.
     *
     * @throws JsonRefusedException if it cannot be written
     */
    public byte[] encode(T value) throws JsonRefusedException {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw refusals.ofWriting(e);
        }
    }
}
