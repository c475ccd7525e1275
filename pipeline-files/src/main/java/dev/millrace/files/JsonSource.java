package dev.millrace.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.files.internal.Items;
import dev.millrace.json.JsonCodec;
import dev.millrace.json.JsonMapping;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.ResumedSource;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.StateStore;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of a JSON file, to its end. What each becomes is said by {@link Json}, where the source is made.
 *
 * <p><b>Form.</b> UTF-8; a byte order mark is skipped, and what is packed by gzip is unpacked, whatever its name. The
 * file is never in memory as a whole: no more than one value and what is in flight is.
 *
 * <p><b>Refused values.</b> One that is no value of the type, is longer than allowed, or has bytes that are no UTF-8 is
 * a failed record of its own: the stage's failure policy decides, reading goes on, and the dead letter holds the bytes
 * as the file has them, of one that is too long its beginning. The reason names the place and never quotes:
 * {@code ratings.jsonl line 17: $.rating must be an int, got a string (column 26)}, or of the first element of an array
 * {@code attempts.json $[0].rating must be an int, got a string}. A line of JSON Lines is also refused if it is no JSON
 * at all; blank lines are passed over. In an array nobody can tell where the next element begins after something that
 * is no JSON, nor whether anything follows where the file is cut off: all whole elements before it are delivered, and
 * the pipeline ends in FAILED with the place.
 *
 * <p><b>Opening</b> fails with one line if the file is missing, or if what should be an array does not begin as one.
 *
 * <p><b>Position.</b> The file is one partition, named like the file, and offsets count from 0: the elements of an
 * array, and of JSON Lines the lines, blank ones too, so that line 17 is at offset 16. Records have no key. Each start
 * begins at the beginning, unless the {@linkplain #positionKeptIn position is kept}. Of several files, see
 * {@link #glob}, each is a partition.
 *
 * <p><b>Threads.</b> The pipeline's source loop reads, unpacks and finds the values; its workers make what they become,
 * several at once.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the values
 */
public final class JsonSource<T> implements Source<T> {

    /** Some of it is in memory twice, in arrays. */
    private static final int LARGEST_MAX_LENGTH = 1 << 30;

    private final FileInputs input;
    private final JsonForm form;
    private final JsonMapping mapping;
    private final @Nullable StateStore positions;

    JsonSource(FileInputs input, JsonForm form, JsonMapping mapping) {
        this(input, form, mapping, null);
    }

    private JsonSource(FileInputs input, JsonForm form, JsonMapping mapping, @Nullable StateStore positions) {
        this.input = input;
        this.form = form;
        this.mapping = mapping;
        this.positions = positions;
    }

    /**
     * Reads, where the path is that of a directory, the files in it whose names match: {@code Json.lines(directory,
     * Rating.class).glob("*.jsonl.gz")}. All else is as of {@link CsvSource#glob}.
     *
     * @param pattern as of {@link java.nio.file.FileSystem#getPathMatcher}; {@code **} goes into deeper directories
     * @throws IllegalStateException if the source is not of a path
     */
    public JsonSource<T> glob(String pattern) {
        return new JsonSource<>(input.matching(pattern), form, mapping, positions);
    }

    /**
     * The most bytes of a value; by default 10,485,760, at most 1,073,741,824. A longer one is refused. Only where a
     * single name, number or element of text in an array is more than twice as long, and than 16 MiB, the pipeline ends
     * in FAILED.
     */
    public JsonSource<T> maxLength(int bytes) {
        return new JsonSource<>(input, form, mapping.withMaxLength(checkedLength(bytes)), positions);
    }

    /**
     * Makes values by a mapper with settings of its own, which is copied. What {@link Json} says of strictness, times
     * and limits is then up to that mapper, except for the length of a value, and that it is not {@code null}.
     */
    public JsonSource<T> mapper(ObjectMapper mapper) {
        return new JsonSource<>(input, form, mapping.withMapper(mapper), positions);
    }

    /**
     * Goes on after a restart behind the values that were done: {@code positionKeptIn(StateDirectory.at(directory))}.
     * All is as of {@link CsvSource#positionKeptIn}.
     *
     * @param store keeps the position, under the names of the pipeline and this stage
     */
    public JsonSource<T> positionKeptIn(StateStore store) {
        return new JsonSource<>(input, form, mapping, Objects.requireNonNull(store, "store"));
    }

    static int checkedLength(int bytes) {
        if (bytes < 1 || bytes > LARGEST_MAX_LENGTH) {
            throw new IllegalArgumentException("maxLength must be from 1 to " + LARGEST_MAX_LENGTH + ", got " + bytes);
        }
        return bytes;
    }

    @Override
    public DecodedSource<byte[], T> unwrapped() {
        return new DecodedSource<>(
                positions == null ? raw() : ResumedSource.of(raw(), positions, value -> value),
                new JsonDecoder<>(form, new JsonCodec<>(mapping)));
    }

    RawJson raw() {
        return new RawJson(input, form, (int) mapping.maxLength());
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
            public long number(PipelineRecord<byte[]> item) {
                return item.offset();
            }

            @Override
            public String place(long number) {
                return form.place(number);
            }
        };
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        return unwrapped().open(context);
    }

    @Override
    public String describe() {
        return unwrapped().describe();
    }

    @Override
    public String toString() {
        return "JsonSource[" + input.place() + "]";
    }
}
