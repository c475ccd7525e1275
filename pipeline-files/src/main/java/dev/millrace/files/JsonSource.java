package dev.millrace.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.util.Objects;

/**
 * The values of a JSON file, to its end. What each becomes is said by {@link Json}, where the source is made.
 *
 * <p><b>Form.</b> UTF-8; a byte order mark is skipped, and what is packed by gzip is unpacked, whatever its name. The
 * file is never in memory as a whole: no more than one value and what is in flight is.
 *
 * <p><b>Refused values.</b> One that is no value of the type, is longer than allowed, or has bytes that are no UTF-8 is
 * a failed record of its own: the stage's failure policy decides, reading goes on, and the dead letter holds the bytes
 * as the file has them. The reason names the place and never quotes: {@code ratings.jsonl line 17: $.rating must be an
 * int, got a string}, {@code attempts.json line 230 (byte 10423): $[17].rating must be an int, got a string}. A line of
 * JSON Lines is also refused if it is no JSON at all; blank lines are passed over. In an array nobody can tell where
 * the next element begins after something that is no JSON, nor whether anything follows where the file is cut off: all
 * whole elements before it are delivered, and the pipeline ends in FAILED with the place.
 *
 * <p><b>Opening</b> fails with one line if the file is missing, or if what should be an array does not begin as one.
 *
 * <p><b>Position.</b> The file is one partition, named like the file. The offset is the number of the line in JSON
 * Lines, the first being 1; in an array it is the index of the element, the first being 0. Nothing is committed: each
 * start begins at the beginning. The key of the raw record, as a dead letter has it, is the place of an element.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the values
 */
public final class JsonSource<T> implements Source<T> {

    static final int DEFAULT_MAX_LENGTH = 10 << 20;
    /** Some of it is in memory twice, in arrays. */
    private static final int LARGEST_MAX_LENGTH = 1 << 30;

    private final FileInputs input;
    private final JsonForm form;
    private final Class<T> type;
    private final ObjectMapper mapper;
    private final int maxLength;

    private JsonSource(FileInputs input, JsonForm form, Class<T> type, ObjectMapper mapper, int maxLength) {
        this.input = input;
        this.form = form;
        this.type = type;
        this.mapper = mapper;
        this.maxLength = maxLength;
    }

    static <T> JsonSource<T> of(FileInputs input, JsonForm form, Class<T> type) {
        return new JsonSource<>(
                input, form, Objects.requireNonNull(type, "type"), JsonMappers.standard(), DEFAULT_MAX_LENGTH);
    }

    /**
     * Reads, where the path is that of a directory, the files in it whose names match: {@code Json.lines(directory,
     * Rating.class).glob("*.jsonl.gz")}. All else is as of {@link CsvSource#glob}.
     *
     * @param pattern as of {@link java.nio.file.FileSystem#getPathMatcher}; {@code **} goes into deeper directories
     */
    public JsonSource<T> glob(String pattern) {
        return new JsonSource<>(input.matching(pattern), form, type, mapper, maxLength);
    }

    /**
     * The most bytes of a value; by default 10,485,760, at most 1,073,741,824. A longer one is refused. Only where a
     * single name, number or element of text in an array is more than twice as long, and than 16 MiB, the pipeline ends
     * in FAILED.
     */
    public JsonSource<T> maxLength(int bytes) {
        if (bytes < 1 || bytes > LARGEST_MAX_LENGTH) {
            throw new IllegalArgumentException("maxLength must be from 1 to " + LARGEST_MAX_LENGTH + ", got " + bytes);
        }
        return new JsonSource<>(input, form, type, mapper, bytes);
    }

    /**
     * Makes values by a mapper with settings of its own, which is copied. What {@link Json} says of strictness, times
     * and limits is then up to that mapper, except for the length of a value, and that it is not {@code null}.
     */
    public JsonSource<T> mapper(ObjectMapper mapper) {
        return new JsonSource<>(input, form, type, mapper.copy(), maxLength);
    }

    @Override
    public DecodedSource<byte[], T> unwrapped() {
        return new DecodedSource<>(raw(), new JsonDecoder<>(form, mapper, type, maxLength));
    }

    RawJson raw() {
        return new RawJson(input, form, maxLength);
    }

    String place() {
        return input.place();
    }

    TableRows<byte[], T> tableRows() {
        return new TableRows<>() {
            @Override
            public FileInputs input() {
                return input;
            }

            @Override
            public Items<byte[]> open() throws IOException {
                return raw().values();
            }

            @Override
            public Decoder<byte[], T> decoder() {
                return unwrapped().decoder();
            }

            @Override
            public String place(PipelineRecord<byte[]> item) {
                return form.place(item);
            }
        };
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        return unwrapped().open(context);
    }

    @Override
    public String describe() {
        return raw().describe();
    }

    @Override
    public String toString() {
        return "JsonSource[" + input.place() + "]";
    }
}
