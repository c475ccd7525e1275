package dev.millrace.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.millrace.files.internal.Items;
import dev.millrace.json.JsonWords;
import dev.millrace.pipeline.record.PipelineRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one JSON array as they stand, found by Jackson's streaming parser. The offset is the index of the
 * element.
 */
final class JsonElements implements Items<byte[]> {

    /** Beyond it, the file is no one's data. */
    private static final int MAX_NESTING = 1_000;

    /**
     * More than an element may be long, so that it is refused by itself; yet Jackson has these in memory as a whole.
     */
    private static final int LEAST_MAX_TOKEN = 16 << 20;

    private final String name;
    private final ByteWindow window;
    private final JsonParser parser;
    private long index;

    private JsonElements(String name, ByteWindow window, int maxLength) throws IOException {
        this.name = name;
        this.window = window;
        int maxToken = (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST_MAX_TOKEN, 2L * maxLength));
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxStringLength(maxToken)
                .maxNameLength(maxToken)
                .maxNumberLength(maxToken)
                .build();
        this.parser = JsonFactory.builder()
                .streamReadConstraints(limits)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build()
                .createParser(window);
    }

    /**
     * Opens a file and looks at its beginning.
     *
     * @throws IOException if it cannot be opened, or does not begin as an array
     */
    static JsonElements open(FileInput file, int maxLength) throws IOException {
        ByteWindow window = new ByteWindow(Utf8.open(file), maxLength);
        JsonElements elements = new JsonElements(file.name(), window, maxLength);
        try {
            elements.begin();
        } catch (Throwable e) {
            elements.close();
            throw e;
        }
        return elements;
    }

    private void begin() throws IOException {
        JsonToken first;
        try {
            first = parser.nextToken();
        } catch (IOException e) {
            throw failed(e);
        }
        if (first == null) {
            throw new IOException(name + " must hold a JSON array, it is empty");
        }
        if (first != JsonToken.START_ARRAY) {
            String hint = first == JsonToken.START_OBJECT ? "; Json.lines(..) reads a file of one object a line" : "";
            throw new IOException(
                    name + " must hold a JSON array, it begins with " + JsonWords.kind(first, "something else") + hint);
        }
        window.next(parser.currentLocation().getCharOffset());
    }

    @Override
    public @Nullable PipelineRecord<byte[]> next() throws IOException {
        try {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                if (parser.nextToken() == null) {
                    return null;
                }
                throw new MalformedFileException(
                        place(parser.currentTokenLocation()) + ": more follows after the array");
            }
            return element(token);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private PipelineRecord<byte[]> element(JsonToken token) throws IOException {
        parser.skipChildren();
        parser.finishToken();
        JsonLocation end = parser.currentLocation();
        if (token.isNumeric() && end.getCharOffset() == window.end()) {
            // Nothing tells whether more digits belong to it.
            throw cutOff(end);
        }
        byte[] bytes = window.toOffset(end.getCharOffset());
        window.next(end.getCharOffset());
        return PipelineRecord.of(bytes, name, index++).withSize(bytes.length);
    }

    private IOException failed(IOException e) {
        if (e instanceof MalformedFileException) {
            return e;
        }
        if (!(e instanceof JsonProcessingException json)) {
            return new IOException(
                    name + " cannot be read beyond byte " + window.end() + ": " + e.getMessage() + after(), e);
        }
        if (e instanceof JsonEOFException) {
            return cutOff(json.getLocation());
        }
        String problem = e instanceof StreamConstraintsException
                ? "beyond a limit: " + json.getOriginalMessage()
                : "is no JSON from here on";
        return new MalformedFileException(place(json.getLocation()) + ": " + problem + after());
    }

    private IOException cutOff(JsonLocation end) {
        return new MalformedFileException(place(end) + ": the file ends before its array does" + after());
    }

    private String after() {
        return ", after " + index + (index == 1 ? " element" : " elements");
    }

    private String place(@Nullable JsonLocation known) {
        JsonLocation location = known == null ? parser.currentLocation() : known;
        return name + " line " + location.getLineNr() + " (byte " + location.getCharOffset() + ")";
    }

    /** What is wrong with the file, its place told already. */
    private static final class MalformedFileException extends IOException {

        private static final long serialVersionUID = 1L;

        MalformedFileException(String message) {
            super(message);
        }
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
