package dev.millrace.cache.internal;

import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks another lookup only for what is not kept. Those who ask for a key while it is being read share the answer, or
 * the failure; an answer is kept for as long as it counts as fresh, a failure not at all. (Caffeine's asynchronous
 * cache would do the same, but logs failures, and they can hold payload.)
 *
 * @param <K> type of the keys, which are compared by {@code equals}
 * @param <V> type of the answers
 */
public final class CachingLookup<K, V> implements Lookup<K, V> {

    private final Lookup<K, V> lookup;
    private final Answers<K, V> answers;
    private final Map<K, CompletableFuture<Optional<V>>> reading = new ConcurrentHashMap<>();

    /** Owns the other one: it is closed with this. */
    public CachingLookup(Lookup<K, V> lookup, Answers<K, V> answers) {
        this.lookup = lookup;
        this.answers = answers;
    }

    @Override
    public CompletionStage<Optional<V>> find(K key) {
        Answers.Answer<V> fresh = answers.fresh(key);
        if (fresh == null) {
            return read(key);
        }
        if (answers.isToBeRefreshed(fresh)) {
            read(key); // nobody waits for it
        }
        return CompletableFuture.completedStage(fresh.value());
    }

    /** By whoever does so already, or anew. */
    private CompletionStage<Optional<V>> read(K key) {
        CompletableFuture<Optional<V>> answer = new CompletableFuture<>();
        CompletableFuture<Optional<V>> shared = reading.putIfAbsent(key, answer);
        if (shared != null) {
            return shared.minimalCompletionStage();
        }
        Answers.Answer<V> justNow = answers.quietly(key);
        if (justNow != null && !answers.isToBeRefreshed(justNow)) {
            // Somebody has read it since it was not there: an answer is kept before its reading ends.
            reading.remove(key);
            answer.complete(justNow.value());
            return answer.minimalCompletionStage();
        }
        // What is returned is made of the lookup's own stage, by which the engine knows whether it keeps a thread.
        return ask(key).handle((found, failure) -> {
            if (failure == null) {
                answers.keep(key, found);
            }
            reading.remove(key);
            return finish(key, answer, found, failure);
        });
    }

    private CompletionStage<Optional<V>> ask(K key) {
        try {
            CompletionStage<Optional<V>> answer = lookup.find(key);
            return answer == null ? CompletableFuture.failedStage(noAnswer()) : answer;
        } catch (VirtualMachineError fatal) {
            reading.remove(key);
            throw fatal;
        } catch (Throwable failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private Optional<V> finish(
            K key, CompletableFuture<Optional<V>> answer, @Nullable Optional<V> found, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        Optional<V> result = cause instanceof UnavailableException ? answers.stale(key) : found;
        if (result != null) {
            answer.complete(result);
            return result;
        }
        Throwable told = cause == null ? noAnswer() : cause;
        answer.completeExceptionally(told);
        throw new CompletionException(told);
    }

    private static NullPointerException noAnswer() {
        return new NullPointerException("the lookup answered null rather than an empty Optional");
    }

    @Override
    public Optional<CacheStats> cache() {
        return answers.stats();
    }

    @Override
    public void close() throws Exception {
        lookup.close();
    }
}
