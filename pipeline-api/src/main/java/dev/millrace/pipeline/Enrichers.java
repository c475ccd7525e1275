package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.Lookup;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Enrichers made of maps and functions. */
public final class Enrichers {

    private Enrichers() {}

    /** Answers from a map, copied now. */
    public static <K, V> Enricher<K, V> of(Map<K, V> map) {
        Map<K, V> copy = Map.copyOf(map);
        return local(key -> Optional.ofNullable(copy.get(key)));
    }

    /** Answers from memory: the function must be thread-safe, must not block and should be quick. */
    public static <K, V> Enricher<K, V> local(ThrowingFunction<? super K, Optional<V>> function) {
        Objects.requireNonNull(function, "function");
        return context -> (LocalLookup<K, V>) function::apply;
    }

    /**
     * Answers by a thread-safe function that may block, on threads for that; as many calls at once as the stage's
     * concurrency allows.
     *
     * <p>A call that its value no longer waits for, after a timeout or a deadline of the stage, is not interrupted. It
     * keeps its place until it ends, so that a function that hangs does not take ever more threads; while it has all
     * places, no value is asked for. A shorter timeout of its own within the function prevents that.
     */
    public static <K, V> Enricher<K, V> blocking(ThrowingFunction<? super K, Optional<V>> function) {
        Objects.requireNonNull(function, "function");
        return context -> key -> context.blocking(() -> function.apply(key));
    }

    /** Answers by a thread-safe function that does not block and completes later, such as an asynchronous client's. */
    public static <K, V> Enricher<K, V> async(ThrowingFunction<? super K, CompletionStage<Optional<V>>> function) {
        Objects.requireNonNull(function, "function");
        return context -> (Lookup<K, V>) function::apply;
    }
}
