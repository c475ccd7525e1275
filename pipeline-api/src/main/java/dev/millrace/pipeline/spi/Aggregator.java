package dev.millrace.pipeline.spi;

/**
 * How values are brought together, per key. States are values themselves: each method leaves what it is given as it is
 * and returns another, for a state is read by one thread while the next value is added by another. Called by several
 * workers at once, so it must be thread-safe; must not block.
 *
 * <p>What a method throws fails the record that it was called with, or, of {@link #merge} and {@link #result}, what is
 * told of the key.
 *
 * @param <T> type of the values
 * @param <S> type of the states; immutable
 * @param <R> type of what is told of a state
 */
public interface Aggregator<T, S, R> {

    /** The state of a key without a value. */
    S initial();

    /** The state with one more value. Must depend on nothing but the two, for after a crash values are added again. */
    S add(S state, T value) throws Exception;

    /**
     * The state of the values of both. Each partition of a source has states of its own, which are merged when they are
     * told, always in the same order of the partitions.
     */
    S merge(S one, S other) throws Exception;

    /** What is told of a state. */
    R result(S state) throws Exception;

    /** How states are kept. */
    StateFormat<S> format();
}
