package dev.millrace.pipeline.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The answer of a call that keeps a thread until it is complete, or what is made of such an answer. */
final class BlockingAnswer<T> extends CompletableFuture<T> {

    private BlockingAnswer() {}

    static <T> BlockingAnswer<T> of(CompletionStage<T> answer) {
        BlockingAnswer<T> same = new BlockingAnswer<>();
        answer.whenComplete((result, failure) -> {
            if (failure == null) {
                same.complete(result);
            } else {
                same.completeExceptionally(failure);
            }
        });
        return same;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new BlockingAnswer<>();
    }
}
