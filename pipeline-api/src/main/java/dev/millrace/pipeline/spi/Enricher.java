package dev.millrace.pipeline.spi;

/**
 * A recipe for looking answers up by key: a table in memory, a database, a remote call. Immutable; it connects to
 * nothing until {@link #open}. What is promised here, {@code EnricherContract} of the test kit holds an implementation
 * against.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
@FunctionalInterface
public interface Enricher<K, V> {

    /**
     * Opens a lookup. Called once per start of a pipeline, on the thread that starts it; may block, such as to load a
     * table.
     *
     * @throws Exception if that fails: the pipeline does not start
     */
    Lookup<K, V> open(StageContext context) throws Exception;

    /** What {@code Pipeline.describe()} says of this enricher; no secrets. */
    default String describe() {
        return "lookup";
    }
}
