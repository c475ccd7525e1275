package dev.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What is remembered of a service, for how long, and who asks it. */
class CachedTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestContext context = new TestContext();
    private final Service service = new Service();

    /** Each question is answered by hand. */
    private static final class Service implements Enricher<String, String>, Lookup<String, String> {

        final List<String> asked = new ArrayList<>();
        final List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
        boolean isClosed;

        @Override
        public Lookup<String, String> open(StageContext context) {
            return this;
        }

        @Override
        public CompletionStage<Optional<String>> find(String key) {
            asked.add(key);
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        void answer(String value) {
            answers.get(answers.size() - 1).complete(Optional.ofNullable(value));
        }

        void fail(Throwable failure) {
            answers.get(answers.size() - 1).completeExceptionally(failure);
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private static Optional<String> now(CompletionStage<Optional<String>> answer) throws Exception {
        CompletableFuture<Optional<String>> future = answer.toCompletableFuture();
        assertThat(future).isDone();
        return future.get();
    }

    private Optional<String> found(Lookup<String, String> lookup, String key, String value) throws Exception {
        CompletionStage<Optional<String>> answer = lookup.find(key);
        service.answer(value);
        return now(answer);
    }

    @Test
    void shouldAskOnceForAllThatAskAtTheSameTimeAndKeepNothingUnlessAskedTo() throws Exception {
        Lookup<String, String> lookup = Cached.of(service).open(context);
        CompletionStage<Optional<String>> one = lookup.find("a");
        CompletionStage<Optional<String>> two = lookup.find("a");
        CompletionStage<Optional<String>> other = lookup.find("b");
        assertThat(service.asked).containsExactly("a", "b");

        service.answers.get(0).complete(Optional.of("A"));
        assertThat(now(one)).contains("A");
        assertThat(now(two)).contains("A");
        assertThat(other.toCompletableFuture()).isNotDone();

        lookup.find("a");
        assertThat(service.asked).containsExactly("a", "b", "a");
        assertThat(lookup.cache()).isEmpty();
    }

    @Test
    void shouldKeepAnswersAndMissesForTheirTime() throws Exception {
        Lookup<String, String> lookup = Cached.of(service)
                .freshFor(MINUTE)
                .missesFreshFor(Duration.ofSeconds(1))
                .open(context);
        assertThat(found(lookup, "a", "A")).contains("A");
        assertThat(found(lookup, "b", null)).isEmpty();
        assertThat(now(lookup.find("a"))).contains("A");
        assertThat(now(lookup.find("b"))).isEmpty();
        assertThat(service.asked).hasSize(2);

        context.advance(Duration.ofSeconds(1));
        assertThat(found(lookup, "b", "B")).contains("B");
        context.advance(Duration.ofSeconds(59));
        assertThat(found(lookup, "a", "A2")).contains("A2");

        assertThat(service.asked).containsExactly("a", "b", "b", "a");
        assertThat(lookup.cache()).contains(new CacheStats(2, 4, 2));
    }

    @Test
    void shouldShareAFailureAndNotKeepIt() throws Exception {
        Lookup<String, String> lookup = Cached.of(service).freshFor(MINUTE).open(context);
        CompletionStage<Optional<String>> one = lookup.find("a");
        CompletionStage<Optional<String>> two = lookup.find("a");
        service.fail(new RefusedRecordException("no such key"));

        for (CompletionStage<Optional<String>> each : List.of(one, two)) {
            assertThatThrownBy(() -> now(each))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RefusedRecordException.class);
        }
        assertThat(found(lookup, "a", "A")).contains("A");
    }

    @Test
    void shouldFailAsTheOtherThrows() throws Exception {
        Enricher<String, String> throwing = opened -> key -> {
            throw new UnavailableException("away");
        };
        Enricher<String, String> silent = opened -> key -> null;

        for (int i = 0; i < 2; i++) { // also the second time: nobody is waited for that never began
            assertThatThrownBy(() -> now(Cached.of(throwing).open(context).find("a")))
                    .hasCauseInstanceOf(UnavailableException.class);
        }
        assertThatThrownBy(() -> now(Cached.of(silent).open(context).find("a")))
                .hasRootCauseMessage("the lookup answered null rather than an empty Optional");
    }

    @Test
    void shouldAnswerWithWhatItHasWhileItIsReadAnew() throws Exception {
        Lookup<String, String> lookup = Cached.of(service)
                .freshFor(Duration.ofMinutes(10))
                .refreshAfter(MINUTE)
                .open(context);
        found(lookup, "a", "A");
        context.advance(MINUTE);

        assertThat(now(lookup.find("a"))).contains("A");
        assertThat(now(lookup.find("a"))).contains("A");
        assertThat(service.asked).as("once for both").hasSize(2);
        service.answer("A2");
        assertThat(now(lookup.find("a"))).contains("A2");
        assertThat(service.asked).hasSize(2);

        context.advance(MINUTE);
        now(lookup.find("a"));
        service.fail(new UnavailableException("away"));
        assertThat(now(lookup.find("a"))).as("until it is no longer fresh").contains("A2");
        assertThat(service.asked).as("tried again").hasSize(4);
    }

    @Test
    void shouldAnswerWithWhatItHadWhileTheServiceIsAway() throws Exception {
        Lookup<String, String> lookup =
                Cached.of(service).freshFor(MINUTE).staleFor(MINUTE).open(context);
        found(lookup, "a", "A");
        context.advance(MINUTE);

        CompletionStage<Optional<String>> stale = lookup.find("a");
        service.fail(new UnavailableException("away"));
        assertThat(now(stale)).contains("A");

        CompletionStage<Optional<String>> refused = lookup.find("a");
        service.fail(new RefusedRecordException("no such key"));
        assertThatThrownBy(() -> now(refused)).hasCauseInstanceOf(RefusedRecordException.class);

        context.advance(MINUTE);
        CompletionStage<Optional<String>> tooOld = lookup.find("a");
        service.fail(new UnavailableException("away"));
        assertThatThrownBy(() -> now(tooOld)).hasCauseInstanceOf(UnavailableException.class);
    }

    @Test
    void shouldKeepNoMoreThanItMay() throws Exception {
        Lookup<String, String> lookup =
                Cached.of(service).freshFor(MINUTE).maxEntries(10).open(context);
        for (int i = 0; i < 100; i++) {
            found(lookup, "key" + i, "value");
        }
        assertThat(lookup.cache().orElseThrow().size()).isLessThanOrEqualTo(10);
    }

    @Test
    void shouldAskATableInMemoryDirectlyAndCloseWhatItHasOpened() throws Exception {
        assertThat(Cached.of(Enrichers.of(Map.of("a", "A"))).freshFor(MINUTE).open(context))
                .isInstanceOf(LocalLookup.class);

        Cached.of(service).freshFor(MINUTE).open(context).close();
        assertThat(service.isClosed).isTrue();
        assertThat(Cached.of(service).describe()).isEqualTo(service.describe());
    }

    @Test
    void shouldRefuseOptionsThatMakeNoSense() {
        Cached<String, String> cached = Cached.of(service);
        assertThatThrownBy(() -> cached.freshFor(Duration.ofSeconds(-1)))
                .hasMessage("freshFor must not be negative, got PT-1S");
        assertThatThrownBy(() -> cached.staleFor(Duration.ofSeconds(-1)))
                .hasMessage("staleFor must not be negative, got PT-1S");
        assertThatThrownBy(() -> cached.maxEntries(0)).hasMessage("maxEntries must be positive, got 0");
        assertThatThrownBy(() -> cached.freshFor(MINUTE).refreshAfter(MINUTE).open(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refreshAfter must be shorter than freshFor, which is PT1M, got PT1M");
    }
}
