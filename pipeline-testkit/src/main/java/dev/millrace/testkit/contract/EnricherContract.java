package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What an {@link Enricher} promises, as tests that its own test class inherits:
 *
 * <pre>{@code
 * class MyLookupTest extends EnricherContract<String, Movie> {
 *     @Override
 *     protected Enricher<String, Movie> enricher() {
 *         return MyLookup.of(place);
 *     }
 *
 *     @Override
 *     protected Map<String, Movie> known() {
 *         return Map.of("get santa", new Movie("Get Santa"), "chalk", new Movie("Chalk"));
 *     }
 *
 *     @Override
 *     protected String unknown() {
 *         return "no such movie";
 *     }
 * }
 * }</pre>
 *
 * <p>Whoever can take away the system behind the lookup overrides {@link #outage}; what it is for is skipped otherwise.
 *
 * <p>Not covered: that nothing blocks the calling thread, what becomes of an answer once it has changed in the system
 * behind the lookup, credentials, and how fast it is.
 *
 * <p>Not thread-safe; a class runs its tests one at a time.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
public abstract class EnricherContract<K, V> extends Contract {

    private static final int ASKERS = 4;
    private static final int ROUNDS = 250;

    /** For those who inherit it. */
    protected EnricherContract() {}

    /** The enricher; each call of one test gives one that has the same answers. */
    protected abstract Enricher<? super K, ? extends V> enricher() throws Exception;

    /** Two keys or more, and their answers. */
    protected abstract Map<K, V> known() throws Exception;

    /** A key that there is no answer for. */
    protected abstract K unknown() throws Exception;

    /** How the system behind the lookup is taken away; none where that is not possible. */
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Test
    @DisplayName("Each key has its own answer, and the same each time.")
    final void shouldAnswerByKey() throws Exception {
        try (Lookup<K, V> lookup = open()) {
            assertAnswers(lookup);
            assertAnswers(lookup);
        }
    }

    @Test
    @DisplayName("A key without an answer is answered as such: it is no failure, and not null.")
    final void shouldAnswerThatThereIsNone() throws Exception {
        try (Lookup<K, V> lookup = open()) {
            assertEquals(Optional.empty(), answer(lookup, unknown()));
            assertEquals(Optional.empty(), answer(lookup, unknown()));
        }
    }

    @Test
    @DisplayName("Several threads may ask at once, for the same keys and for others.")
    final void shouldAnswerWhenManyAskAtOnce() throws Exception {
        Map<K, V> known = known();
        K unknown = unknown();
        try (Lookup<K, V> lookup = open()) {
            List<Future<?>> askers = new ArrayList<>();
            for (int i = 0; i < ASKERS; i++) {
                askers.add(threads.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        assertAnswersAtOnce(lookup, known, unknown);
                    }
                    return null;
                }));
            }
            for (Future<?> asker : askers) {
                asker.get();
            }
        }
    }

    private void assertAnswersAtOnce(Lookup<K, V> lookup, Map<K, V> known, K unknown) throws Exception {
        Map<K, CompletionStage<Optional<V>>> asked = new HashMap<>();
        for (K key : known.keySet()) {
            asked.put(key, lookup.find(key));
        }
        CompletionStage<Optional<V>> none = lookup.find(unknown);
        for (Map.Entry<K, CompletionStage<Optional<V>>> each : asked.entrySet()) {
            K key = each.getKey();
            assertEquals(
                    Optional.ofNullable(known.get(key)),
                    Answers.awaitAvailable(each.getValue(), () -> lookup.find(key)));
        }
        assertEquals(Optional.empty(), Answers.awaitAvailable(none, () -> lookup.find(unknown)));
    }

    @Test
    @DisplayName("Lookups of one enricher do not depend on each other.")
    final void shouldGoOnWhenAnotherOneIsClosed() throws Exception {
        Enricher<K, V> enricher = typed();
        try (Lookup<K, V> lookup = open(enricher)) {
            Lookup<K, V> other = open(enricher);
            assertAnswers(other);
            other.close();

            assertAnswers(lookup);
        }
    }

    @Test
    @DisplayName("It may be closed without having been asked, and once more than needed.")
    final void shouldDoNothingWhenItIsClosedTwice() throws Exception {
        Lookup<K, V> idle = open();
        idle.close();
        idle.close();

        Lookup<K, V> used = open();
        assertAnswers(used);
        used.close();
        used.close();
    }

    @Test
    @DisplayName("Who asks after the end gets a failure or an answer, and is not left waiting.")
    final void shouldAnswerWhenItIsClosed() throws Exception {
        Lookup<K, V> lookup = open();
        assertAnswers(lookup);
        lookup.close();

        K key = unknown();
        Answers.assertAnswered(() -> lookup.find(key));
    }

    @Test
    @DisplayName("What it tells of its memory may be asked at any time.")
    final void shouldTellOfItsMemoryAtAnyTime() throws Exception {
        Lookup<K, V> lookup = open();
        assertNotNull(lookup.cache());
        assertAnswers(lookup);
        assertNotNull(lookup.cache());
        lookup.close();
        assertNotNull(lookup.cache());
    }

    @Test
    @DisplayName("A thread that is interrupted stays so, and is answered.")
    final void shouldAnswerWhenTheThreadIsInterrupted() throws Exception {
        Map.Entry<K, V> any = known().entrySet().iterator().next();
        try (Lookup<K, V> lookup = open()) {
            CompletionStage<Optional<V>> answer = Answers.askedWhileInterrupted(() -> lookup.find(any.getKey()));
            assertEquals(Optional.of(any.getValue()), Answers.awaitAvailable(answer, () -> lookup.find(any.getKey())));
            assertAnswers(lookup);
        }
    }

    @Test
    @DisplayName("In a pipeline each record gets the answer of its own key, or none.")
    final void shouldAnswerInAPipeline() throws Exception {
        List<K> keys = keys();
        Map<K, V> known = known();
        List<Map.Entry<K, Optional<V>>> written = Collections.synchronizedList(new ArrayList<>());

        ContractPipelines.run(Pipeline.named("contract")
                .from(ContractPipelines.spread(keys))
                .<K, V, Map.Entry<K, Optional<V>>>enrich(enricher(), key -> key, Map::entry)
                .to(Sinks.into(written)));

        assertEquals(keys.size(), written.size());
        for (Map.Entry<K, Optional<V>> each : written) {
            assertEquals(Optional.ofNullable(known.get(each.getKey())), each.getValue());
        }
    }

    @Nested
    @DisplayName("While the system behind it is away")
    class Unavailable {

        @Test
        @DisplayName(
                "A lookup fails as unavailable, so that no record is blamed; in a pipeline all are answered afterwards.")
        void shouldBlameNoRecord() throws Exception {
            Outage outage = outage().orElse(null);
            assumeTrue(outage != null, "the system behind the lookup cannot be taken away");
            List<K> keys = keys();
            try (Lookup<K, V> lookup = open()) {
                outage.begin();
                try {
                    assertThrows(UnavailableException.class, () -> Answers.await(lookup.find(keys.get(0))));
                } finally {
                    outage.end();
                }
            }
            List<K> written = Collections.synchronizedList(new ArrayList<>());
            ContractPipelines.run(Pipeline.named("contract")
                    .from(ContractPipelines.spread(keys))
                    .<K, V, K>enrich(
                            enricher(),
                            key -> key,
                            (key, answer) -> key,
                            StageOptions.with().onFailure(FailurePolicy.skip()))
                    .to(Sinks.into(written)));
            assertEquals(keys.size(), written.size());
        }
    }

    private Lookup<K, V> open() throws Exception {
        return open(typed());
    }

    /** It takes keys and gives answers of these types, whichever more it takes and can be said of its answers. */
    @SuppressWarnings("unchecked")
    private Enricher<K, V> typed() throws Exception {
        return (Enricher<K, V>) enricher();
    }

    private Lookup<K, V> open(Enricher<K, V> enricher) throws Exception {
        return enricher.open(context("lookup"));
    }

    private void assertAnswers(Lookup<K, V> lookup) throws Exception {
        assertTrue(known().size() > 1, "the test must know two answers or more");
        for (Map.Entry<K, V> each : known().entrySet()) {
            assertEquals(Optional.of(each.getValue()), answer(lookup, each.getKey()));
        }
    }

    private static <K, V> Optional<V> answer(Lookup<K, V> lookup, K key) throws Exception {
        return Answers.awaitAvailable(() -> lookup.find(key));
    }

    /** Known ones and the unknown one, over and over. */
    private List<K> keys() throws Exception {
        List<K> once = new ArrayList<>(known().keySet());
        once.add(unknown());
        List<K> keys = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            keys.addAll(once);
        }
        return keys;
    }
}
