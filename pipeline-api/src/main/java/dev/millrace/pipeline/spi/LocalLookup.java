package dev.millrace.pipeline.spi;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A lookup that answers from memory. The engine calls it in the middle of the chain of stages, with no hand-off: it
 * must neither block nor take long.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
@FunctionalInterface
@SuppressWarnings("FunctionalInterfaceMethodChanged") // find answers what get does, only later in form
public interface LocalLookup<K, V> extends Lookup<K, V> {

    /**
     * The answer for a key.
     *
     * @throws Exception a failure of this record
     */
    Optional<V> get(K key) throws Exception;

    @Override
    default CompletionStage<Optional<V>> find(K key) throws Exception {
        return CompletableFuture.completedFuture(get(key));
    }
}
