package dev.millrace.pipeline.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Answers by key. Called by several workers at once, so it must be thread-safe.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
@FunctionalInterface
public interface Lookup<K, V> extends AutoCloseable {

    /**
     * The answer for a key, or an empty one where there is none. Must not block: what does, goes to
     * {@link StageContext#blocking()}. The answer may be complete already, and may be completed by any thread.
     *
     * @throws Exception as a failed answer would: {@link UnavailableException} where the store cannot be reached, which
     *     is retried without end and never counts against the record; {@link StageFailedException} where it never will,
     *     which ends the pipeline in FAILED; anything else is a failure of this record
     */
    CompletionStage<Optional<V>> find(K key) throws Exception;

    /**
     * How its memory fares, where it keeps answers. Read for metrics by any thread, at any time, also after
     * {@link #close}; must not block.
     */
    default Optional<CacheStats> cache() {
        return Optional.empty();
    }

    /**
     * Lets go of everything; whoever calls it again should see nothing happen. Called when no {@link #find} is running;
     * one that comes later is answered, if only by a failure.
     */
    @Override
    default void close() throws Exception {}
}
