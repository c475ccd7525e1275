package dev.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract holds of the simplest store there can be, and of none that breaks a promise. */
class StateStoreContractTest extends StateStoreContract {

    private final Kept kept = new Kept();

    @Override
    protected StateStore store() {
        return kept;
    }

    @Test
    void shouldFailWhenAnOlderStateReplacesANewer() {
        Kept careless = new Kept();
        careless.chosen = (old, given) -> given;

        assertBroken(of(careless)::shouldPassOverAStateWhenOneWithAHigherOffsetIsKept);
    }

    @Test
    void shouldFailWhenTheFirstOfTwoWithTheSameOffsetStays() {
        Kept hasty = new Kept();
        hasty.chosen = (old, given) -> given.offset() <= old.offset() ? old : given;

        assertBroken(of(hasty)::shouldReplaceAStateWhenTheOffsetIsTheSame);
    }

    @Test
    void shouldFailWhenStagesShareTheirStates() {
        Kept mixed = new Kept();
        mixed.place = StageContext::pipeline;

        assertBroken(of(mixed)::shouldKeepPartitionsStagesAndPipelinesApart);
    }

    @Test
    void shouldFailWhenWhatWasSavedIsGoneWithTheTable() {
        assertBroken(of(context -> new Kept().open(context))::shouldFindWhatWasSavedWhenItIsOpenedAgain);
    }

    private static void assertBroken(ThrowingCallable promise) {
        assertThatThrownBy(promise).isInstanceOf(AssertionError.class);
    }

    /** The contract of that store, for tests to be called one by one. */
    private static StateStoreContract of(StateStore store) {
        return new StateStoreContract() {
            @Override
            protected StateStore store() {
                return store;
            }
        };
    }

    private static final class Kept implements StateStore {

        private final Map<List<String>, Map<ByteBuffer, KeptState>> states = new ConcurrentHashMap<>();

        BinaryOperator<KeptState> chosen = (old, given) -> given.offset() < old.offset() ? old : given;
        Function<StageContext, String> place = context -> context.pipeline() + "\n" + context.stage();

        @Override
        public StateTable open(StageContext context) {
            return new StateTable() {

                private Map<ByteBuffer, KeptState> of(String partition) {
                    return states.computeIfAbsent(
                            List.of(place.apply(context), partition), name -> new ConcurrentHashMap<>());
                }

                @Override
                public CompletionStage<List<KeptState>> load(String partition) {
                    return context.blocking(() -> List.copyOf(of(partition).values()));
                }

                @Override
                public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
                    return context.blocking(() -> {
                        changed.forEach((partition, saved) -> saved.forEach(
                                state -> of(partition).merge(ByteBuffer.wrap(state.key()), state, chosen)));
                        return null;
                    });
                }
            };
        }
    }
}
