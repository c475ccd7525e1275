package dev.millrace.pipeline.spi;

/**
 * A recipe for reading records. Immutable; it connects to nothing until {@link #open}, and the engine opens it once for
 * each start of a pipeline. What is promised here and by {@link SourceReader}, {@code SourceContract} of the test kit
 * holds an implementation against.
 *
 * <p>A record has a place: a partition, and an offset that ascends within it. That is all the engine needs to keep
 * order and to say by {@link SourceReader#commit} how far it is done; where nothing is kept, as it need not be, each
 * start reads all anew. Below, a line of a file is a record, its number the offset, and a second file the memory:
 *
 * <pre>{@code
 * import dev.millrace.pipeline.record.PipelineRecord;
 * import dev.millrace.pipeline.spi.Source;
 * import dev.millrace.pipeline.spi.SourceContext;
 * import dev.millrace.pipeline.spi.SourceReader;
 * import java.io.BufferedReader;
 * import java.io.IOException;
 * import java.nio.file.Files;
 * import java.nio.file.Path;
 * import java.nio.file.StandardCopyOption;
 * import java.time.Duration;
 * import java.util.ArrayList;
 * import java.util.List;
 * import java.util.Map;
 *
 * public record LinesSource(Path file, Path position) implements Source<String> {
 *
 *     @Override
 *     public SourceReader<String> open(SourceContext context) throws IOException {
 *         boolean isNew = context.isPreview() || Files.notExists(position);
 *         long done = isNew ? 0 : Long.parseLong(Files.readString(position));
 *         BufferedReader lines = Files.newBufferedReader(file);
 *         for (long i = 0; i < done; i++) {
 *             lines.readLine();
 *         }
 *         return new SourceReader<>() {
 *
 *             private long next = done;
 *             private boolean isAtEnd;
 *
 *             @Override
 *             public List<PipelineRecord<String>> poll(Duration timeout) throws IOException {
 *                 List<PipelineRecord<String>> records = new ArrayList<>();
 *                 while (records.size() < context.pollLimit() && !isAtEnd) {
 *                     String line = lines.readLine();
 *                     if (line == null) {
 *                         isAtEnd = true;
 *                     } else {
 *                         records.add(PipelineRecord.of(line, "0", next++));
 *                     }
 *                 }
 *                 return records;
 *             }
 *
 *             @Override
 *             public boolean isExhausted() {
 *                 return isAtEnd;
 *             }
 *
 *             @Override
 *             public void commit(Map<String, Long> frontier) throws IOException {
 *                 Path written = position.resolveSibling(position.getFileName() + ".new");
 *                 Files.writeString(written, frontier.get("0").toString());
 *                 Files.move(written, position, StandardCopyOption.ATOMIC_MOVE);
 *             }
 *
 *             @Override
 *             public void close() throws IOException {
 *                 lines.close();
 *             }
 *         };
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> {@link #open} is called on the thread that starts the pipeline, everything else on one that has
 * nothing else to do: it may read a file as above, but not longer than the timeout of a poll. A source that waits for
 * more does so by {@link SourceContext#idle}; a call that takes long goes to {@link SourceContext#blocking()}, and a
 * later poll hands out what it has brought.
 *
 * <p><b>Failures.</b> {@link UnavailableException} from a poll is an outage, and the engine polls again. Anything else
 * ends the pipeline in FAILED, once what was read is done, or begins it anew where its runner was told to restart: a
 * new reader is opened then, and begins behind what is committed.
 *
 * <p><b>Restarts.</b> What was not committed comes again, be it done or not. {@link ResumedSource} keeps the position
 * for a source that cannot. Simpler than all this, for values without a place, are {@code Sources.iterator} and
 * {@code Sources.every}.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface Source<T> {

    /**
     * Opens a reader. Called once per start of a pipeline, after all its sinks and lookups are open, on the thread that
     * starts it; may block.
     *
     * @throws Exception if that fails: the pipeline does not start, what was opened is closed again, and the exception
     *     is the cause of what {@code start} throws
     */
    SourceReader<T> open(SourceContext context) throws Exception;

    /** What {@code Pipeline.describe()} says of this source; no secrets. */
    default String describe() {
        return "source";
    }

    /**
     * Whether a record has the same partition and offset whenever it is read, also after a restart: only then can the
     * kept state of an aggregate tell a record that comes again from another one. By default not.
     */
    default boolean isRepeatable() {
        return false;
    }

    /**
     * The source that this one stands for, where it is a typed front with options of its own: typically a
     * {@link DecodedSource}. The engine opens that one.
     */
    default Source<T> unwrapped() {
        return this;
    }

    /**
     * A source of what the decoder makes of this one's records. The decoder runs in the workers, not on the thread that
     * polls; a record it refuses is a failed record of its own, held in dead letters as this source read it.
     */
    default <R> Source<R> decodedBy(Decoder<T, R> decoder) {
        return new DecodedSource<>(this, decoder);
    }
}
