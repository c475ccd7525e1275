package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.function.ThrowingSupplier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * What the engine tells and lends to a reader, a lookup or a writer when it opens it. Valid until that is closed.
 *
 * <p>Thread-safe.
 */
public interface StageContext {

    /** Name of the pipeline. */
    String pipeline();

    /** Name of the stage, unique within the pipeline. */
    String stage();

    /**
     * The engine's monotonic time in nanoseconds, to be used like {@link System#nanoTime()}. A test may advance it by
     * hand.
     */
    long nanoTime();

    /**
     * Runs what blocks: on a virtual thread each where the JVM has them (Java 21 on), else on a pool that grows as
     * needed. Engine threads must never block; this is where to go instead. What a lookup or a write is to wait for
     * goes to {@link #blocking(ThrowingSupplier)}, for nothing bounds how many tasks there are here.
     */
    Executor blocking();

    /**
     * Makes a call that blocks on {@link #blocking()}, as the answer to a lookup or a write: what it returns or throws.
     *
     * <p>Of lookups and writes there are never more such calls than the stage's concurrency; of a {@link StateTable}
     * nothing bounds them. After a timeout or a deadline of the stage nobody waits for one any more, but it is not
     * interrupted, and no other begins in its place until it has ended. The same holds of an answer that is made of
     * this one by the methods of {@link CompletionStage}.
     */
    default <T> CompletionStage<T> blocking(ThrowingSupplier<? extends T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        blocking().execute(() -> {
            try {
                answer.complete(call.get());
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }
}
