package dev.millrace.testkit.contract;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The contract holds of the simplest store there can be. */
class StateStoreContractTest extends StateStoreContract {

    private final Map<List<String>, Map<ByteBuffer, KeptState>> kept = new ConcurrentHashMap<>();

    @Override
    protected StateStore store() {
        return context -> new StateTable() {

            private Map<ByteBuffer, KeptState> of(String partition) {
                return kept.computeIfAbsent(
                        List.of(context.pipeline(), context.stage(), partition), name -> new ConcurrentHashMap<>());
            }

            @Override
            public CompletionStage<List<KeptState>> load(String partition) {
                return context.blocking(() -> List.copyOf(of(partition).values()));
            }

            @Override
            public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
                return context.blocking(() -> {
                    changed.forEach((partition, states) -> states.forEach(state -> of(partition)
                            .merge(
                                    ByteBuffer.wrap(state.key()),
                                    state,
                                    (old, given) -> given.offset() < old.offset() ? old : given)));
                    return null;
                });
            }
        };
    }
}
