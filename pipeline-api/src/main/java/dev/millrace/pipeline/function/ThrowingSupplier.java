package dev.millrace.pipeline.function;

/**
 * A supplier that may throw.
 *
 * @param <T> type of what it gives
 */
@FunctionalInterface
public interface ThrowingSupplier<T> {

    /**
     * Gives a value, which must not be null.
     *
     * @throws Exception to fail the record, or whatever else it was called for
     */
    T get() throws Exception;
}
