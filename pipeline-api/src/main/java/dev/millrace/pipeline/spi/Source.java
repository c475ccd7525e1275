package dev.millrace.pipeline.spi;

/**
 * A recipe for reading records. Immutable; it connects to nothing until {@link #open}. What is promised here,
 * {@code SourceContract} of the test kit holds an implementation against.
 *
 * <p>A whole source of lines, each with its number as the offset:
 *
 * <pre>{@code
 * Source<String> lines = context -> {
 *     BufferedReader file = Files.newBufferedReader(path);
 *     AtomicLong next = new AtomicLong();
 *     return timeout -> {
 *         String line = file.readLine();
 *         return line == null
 *                 ? List.of()
 *                 : List.of(PipelineRecord.of(line, "0", next.getAndIncrement()));
 *     };
 * };
 * }</pre>
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
