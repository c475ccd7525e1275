package dev.millrace.pipeline.spi;

/**
 * A recipe for keeping the states of an aggregate, per partition of the source and key, beyond the end of a process.
 * Immutable; it connects to nothing until {@link #open}.
 */
@FunctionalInterface
public interface StateStore {

    /**
     * Opens it for a stage. Called once per start of a pipeline and per restart, on the thread that starts it; may
     * block.
     *
     * @throws Exception if that fails: the pipeline does not start
     */
    StateTable open(StageContext context) throws Exception;

    /** What {@code Pipeline.describe()} says of this store; no secrets. */
    default String describe() {
        return "state";
    }

    /**
     * Keeps nothing: whenever a partition is assigned, aggregates begin with what is read of it from then on. Right for
     * what reads all of its source at each start.
     */
    static StateStore none() {
        return NoState.STORE;
    }
}
