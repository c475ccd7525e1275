package dev.millrace.pipeline.function;

/**
 * A consumer that may throw. Must be thread-safe where several workers call it.
 *
 * @param <T> type of what it takes
 */
@FunctionalInterface
public interface ThrowingConsumer<T> {

    /**
     * Takes the value.
     *
     * @throws Exception to fail the record, or whatever else it was called for
     */
    void accept(T value) throws Exception;
}
