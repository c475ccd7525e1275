package dev.millrace.pipeline.spi;

/**
 * A recipe for writing records. Immutable; it connects to nothing until {@link #open}. What is promised here,
 * {@code SinkContract} of the test kit holds an implementation against.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface Sink<T> {

    /**
     * Opens a writer. Called once per start of a pipeline and place in it, on the thread that starts it; may block.
     *
     * @throws Exception if that fails: the pipeline does not start
     */
    SinkWriter<T> open(StageContext context) throws Exception;

    /** What {@code Pipeline.describe()} says of this sink; no secrets. */
    default String describe() {
        return "sink";
    }
}
