package dev.millrace.pipeline.function;

/**
 * A predicate that may throw. Must be thread-safe where several workers call it.
 *
 * @param <T> type of what it takes
 */
@FunctionalInterface
public interface ThrowingPredicate<T> {

    /**
     * Whether it holds.
     *
     * @throws Exception to fail the record, or whatever else it was called for
     */
    boolean test(T value) throws Exception;
}
