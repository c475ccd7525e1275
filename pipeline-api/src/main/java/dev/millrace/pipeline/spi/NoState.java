package dev.millrace.pipeline.spi;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is kept nowhere. */
final class NoState implements StateTable {

    static final StateStore STORE = new StateStore() {
        @Override
        public StateTable open(StageContext context) {
            return new NoState();
        }

        @Override
        public String describe() {
            return "kept nowhere";
        }
    };

    @Override
    public CompletionStage<List<KeptState>> load(String partition) {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
        return CompletableFuture.completedStage(null);
    }
}
