package dev.millrace.pipeline.function;

/**
 * A function of two arguments that may throw. Must be thread-safe where several workers call it.
 *
 * @param <A> type of the first argument
 * @param <B> type of the second argument
 * @param <R> type of what it gives
 */
@FunctionalInterface
public interface ThrowingBiFunction<A, B, R> {

    /**
     * Gives its answer, which must not be null.
     *
     * @throws Exception to fail the record, or whatever else it was called for
     */
    R apply(A first, B second) throws Exception;
}
