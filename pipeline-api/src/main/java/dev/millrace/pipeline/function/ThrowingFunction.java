package dev.millrace.pipeline.function;

/**
 * A function that may throw. Must be thread-safe where several workers call it.
 *
 * @param <T> type of what it takes
 * @param <R> type of what it gives
 */
@FunctionalInterface
public interface ThrowingFunction<T, R> {

    /**
     * Gives its answer, which must not be null.
     *
     * @throws Exception to fail the record, or whatever else it was called for
     */
    R apply(T value) throws Exception;
}
