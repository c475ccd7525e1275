package dev.millrace.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The contract holds of the simplest lookup there can be, and of none that breaks a promise. */
class EnricherContractTest extends EnricherContract<String, Integer> {

    private volatile boolean isAway;

    @Override
    protected Enricher<String, Integer> enricher() {
        return context -> key -> isAway
                ? CompletableFuture.failedFuture(new UnavailableException("away"))
                : context.blocking(() -> answer(key));
    }

    private static Optional<Integer> answer(String key) {
        return Optional.ofNullable(Map.of("one", 1, "two", 2).get(key));
    }

    @Override
    protected Map<String, Integer> known() {
        return Map.of("one", 1, "two", 2);
    }

    @Override
    protected String unknown() {
        return "three";
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(Outage.of(away -> isAway = away));
    }

    @Test
    void shouldFailWhenAllKeysHaveOneAnswer() {
        assertBroken(of(key -> now(Optional.of(1)))::shouldAnswerByKey);
    }

    @Test
    void shouldFailWhenAKeyWithoutAnAnswerIsAFailure() {
        assertThatThrownBy(
                        of(key -> answer(key).isPresent()
                                ? now(answer(key))
                                : CompletableFuture.failedFuture(new IllegalArgumentException("none")))
                                ::shouldAnswerThatThereIsNone)
                .hasMessage("none");
    }

    @Test
    void shouldFailWhenItIsForOneThreadOnly() {
        CountDownLatch askers = new CountDownLatch(2);
        assertThatThrownBy(of(key -> {
                    askers.countDown();
                    askers.await();
                    throw new IllegalStateException("two at once");
                })::shouldAnswerWhenManyAskAtOnce)
                .rootCause()
                .hasMessage("two at once");
    }

    @Test
    void shouldFailWhenLookupsShareWhatOneOfThemCloses() {
        AtomicReference<Boolean> isClosed = new AtomicReference<>(false);
        assertThatThrownBy(of(new Lookup<>() {
                    @Override
                    public CompletionStage<Optional<Integer>> find(String key) {
                        if (isClosed.get()) {
                            throw new IllegalStateException("closed");
                        }
                        return now(answer(key));
                    }

                    @Override
                    public void close() {
                        isClosed.set(true);
                    }
                })::shouldGoOnWhenAnotherOneIsClosed)
                .hasMessage("closed");
    }

    @Test
    void shouldFailWhenAnInterruptIsSwallowed() {
        assertBroken(of(key -> {
            boolean unused = Thread.interrupted();
            return now(answer(key));
        })::shouldAnswerWhenTheThreadIsInterrupted);
    }

    @Test
    void shouldFailWhenAnOutageIsTakenForNoAnswer() {
        EnricherContractTest empty = new EnricherContractTest() {
            @Override
            protected Enricher<String, Integer> enricher() {
                return context -> key -> now(Optional.empty());
            }
        };

        assertBroken(empty.new Unavailable()::shouldBlameNoRecord);
    }

    private static void assertBroken(ThrowingCallable promise) {
        assertThatThrownBy(promise).isInstanceOf(AssertionError.class);
    }

    private static CompletionStage<Optional<Integer>> now(Optional<Integer> answer) {
        return CompletableFuture.completedFuture(answer);
    }

    /** The contract of that lookup, for tests to be called one by one. */
    private static EnricherContractTest of(Lookup<String, Integer> lookup) {
        return new EnricherContractTest() {
            @Override
            protected Enricher<String, Integer> enricher() {
                return context -> lookup;
            }
        };
    }
}
