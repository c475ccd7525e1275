package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.PipelineDefinitionException;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.function.ThrowingBiFunction;
import dev.millrace.pipeline.function.ThrowingConsumer;
import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.function.ThrowingPredicate;
import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionTest {

    private static final Source<String> SOURCE = Sources.of("a", "b");
    private static final Sink<Object> SINK = Sinks.discard();
    private static final Enricher<String, Integer> ENRICHER = Enrichers.of(Map.of("a", 1));
    private static final ThrowingFunction<String, String> UPPER = String::toUpperCase;
    private static final ThrowingPredicate<String> KEPT = value -> true;
    private static final ThrowingFunction<String, List<String>> TWICE = value -> List.of(value, value);
    private static final ThrowingConsumer<Object> LOOK = record -> {};
    private static final ThrowingBiFunction<String, Optional<Integer>, String> LEFT = (value, answer) -> value;
    private static final ThrowingBiFunction<String, Integer, String> INNER = (value, answer) -> value;

    @Test
    void shouldNameStagesByTheirVerbsAndNumberThemWhereTheyRecur() {
        Pipeline pipeline = all();

        assertThat(pipeline.graph().stages())
                .extracting(StageNode::name)
                .containsExactly(
                        "from",
                        "map",
                        "map-2",
                        "filter",
                        "flatMap",
                        "keyBy",
                        "peek",
                        "enrich",
                        "enrichOrDrop",
                        "throttle",
                        "batch",
                        "alsoTo",
                        "alsoTo-2",
                        "to");
        assertThat(pipeline.graph().stages())
                .extracting(StageNode::verb)
                .containsExactly(
                        "from",
                        "map",
                        "map",
                        "filter",
                        "flatMap",
                        "keyBy",
                        "peek",
                        "enrich",
                        "enrichOrDrop",
                        "throttle",
                        "batch",
                        "alsoTo",
                        "alsoTo",
                        "to");
    }

    @Test
    void shouldNotNumberAStageAsAnotherIsNamed() {
        Pipeline pipeline = Pipeline.named("p")
                .from(SOURCE)
                .map(UPPER, StageOptions.with().name("map-2"))
                .map(UPPER)
                .map(UPPER)
                .to(SINK);

        assertThat(pipeline.graph().stages())
                .extracting(StageNode::name)
                .containsExactly("from", "map-2", "map", "map-3", "to");
    }

    @Test
    void shouldRefuseANameThatOccursTwice() {
        Stage<String> stage =
                Pipeline.named("p").from(SOURCE).map(UPPER, StageOptions.with().name("twice"));

        assertThatThrownBy(() -> stage.to(SINK, StageOptions.with().name("twice")))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessage("stage names must be unique: 'twice' occurs twice in pipeline 'p'");
    }

    @Test
    void shouldRefuseAnOptionThatTheVerbWouldIgnore() {
        Stage<String> stage = Pipeline.named("p").from(SOURCE);
        StageOptions options = StageOptions.with().name("s").onFailure(FailurePolicy.skip());
        StageOptions retried = options.retry(RetryPolicy.fixed(Duration.ofSeconds(1)));
        StageOptions timed = options.timeout(Duration.ofSeconds(1));
        StageOptions batched = options.batch(BatchPolicy.of(10, Duration.ofSeconds(1)));

        assertRefused(
                "stage 's' in pipeline 'p' has no use for retry: of the options map heeds name, onFailure",
                () -> stage.map(UPPER, retried));
        assertRefused("retry", () -> Pipeline.named("p").from(SOURCE, retried));
        assertRefused("timeout", () -> stage.filter(KEPT, timed));
        assertRefused("deadline", () -> stage.peek(value -> {}, options.deadline(Duration.ofSeconds(1))));
        assertRefused("concurrency", () -> stage.keyBy(UPPER, options.concurrency(2)));
        assertRefused("ordering", () -> stage.flatMap(List::of, options.ordering(Ordering.PER_KEY)));
        assertRefused("onFailure", () -> stage.limit(1, options));
        assertRefused("batch", () -> stage.enrich(ENRICHER, key -> key, (value, answer) -> value, batched));
        assertRefused(
                "timeout",
                () -> stage.keyBy(UPPER)
                        .aggregate(
                                Aggregators.counting(),
                                (key, count) -> key,
                                Aggregation.keptIn(StateStore.none()),
                                timed));
        assertThatCode(() -> stage.alsoTo(SINK, batched.name("t")).to(SINK, retried.timeout(Duration.ofSeconds(1))))
                .doesNotThrowAnyException();
    }

    private static void assertRefused(String what, ThrowingCallable definition) {
        assertThatThrownBy(definition)
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessageContaining(what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dead-letters", "dead-letters-2"})
    void shouldRefuseTheNameOfAStoreOfDeadLetters(String name) {
        String message =
                "a stage cannot be named '" + name + "' in pipeline 'p': that is the name of a store of dead letters";
        StageOptions named = StageOptions.with().name(name);

        assertThatThrownBy(() -> Pipeline.named("p").from(SOURCE, named))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> Pipeline.named("p").from(SOURCE).to(SINK, named))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessage(message);
    }

    @Test
    void shouldRefuseABlankNameOfThePipeline() {
        assertThatThrownBy(() -> Pipeline.named(" "))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessage("name must not be blank");
    }

    @Test
    void shouldSayWhichPartIsMissing() {
        Stage<String> stage = Pipeline.named("p").from(SOURCE);

        assertThatThrownBy(() -> Pipeline.named(null)).hasMessage("name");
        assertThatThrownBy(() -> Pipeline.named("p").from(null)).hasMessage("source");
        assertThatThrownBy(() -> stage.map(null)).hasMessage("function");
        assertThatThrownBy(() -> stage.filter(null)).hasMessage("predicate");
        assertThatThrownBy(() -> stage.peek(null)).hasMessage("consumer");
        assertThatThrownBy(() -> stage.enrich(null, UPPER, LEFT)).hasMessage("enricher");
        assertThatThrownBy(() -> stage.enrich(ENRICHER, null, LEFT)).hasMessage("keyOf");
        assertThatThrownBy(() -> stage.enrich(ENRICHER, UPPER, null)).hasMessage("combine");
        assertThatThrownBy(() -> stage.throttle(null)).hasMessage("throttle");
        assertThatThrownBy(() -> stage.alsoTo(null)).hasMessage("sink");
        assertThatThrownBy(() -> stage.to(null)).hasMessage("sink");
    }

    @Test
    void shouldBeEqualWhereAllPartsAre() {
        assertThat(all()).isEqualTo(all()).hasSameHashCodeAs(all());
        assertThat(all()).isNotEqualTo(Pipeline.named("p").from(SOURCE).to(SINK));
    }

    @Test
    void shouldLetSeveralPipelinesGoOnFromOneStage() {
        List<Object> first = new CopyOnWriteArrayList<>();
        List<Object> second = new CopyOnWriteArrayList<>();
        Stage<String> stage = Pipeline.named("p").from(SOURCE);
        Stage<String> upper = stage.map(UPPER);

        Runs.run(stage.to(Sinks.into(first)));
        Runs.run(upper.map(value -> value + "!").to(Sinks.into(second)));

        assertThat(first).containsExactly("a", "b");
        assertThat(second).containsExactly("A!", "B!");
    }

    @Test
    void shouldRunAgainFromTheBeginningWhenStartedTwice() {
        List<String> written = new CopyOnWriteArrayList<>();
        Pipeline pipeline = Pipeline.named("p").from(SOURCE).to(Sinks.into(written));

        try (RunningPipeline one = Runs.runner().start(pipeline);
                RunningPipeline other = Runs.runner().start(pipeline)) {
            Runs.awaitEnd(one);
            Runs.awaitEnd(other);
        }

        assertThat(written).containsExactlyInAnyOrder("a", "a", "b", "b");
    }

    @Test
    void shouldRefuseAGraphWithoutItsEnds() {
        assertThatThrownBy(() -> new PipelineGraph("p", List.of()))
                .hasMessage("stages must begin with a source and end with a sink");
        assertThatThrownBy(() -> all().graph().stages().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static Pipeline all() {
        return Pipeline.named("p")
                .from(SOURCE)
                .map(UPPER)
                .map(UPPER)
                .filter(KEPT)
                .flatMap(TWICE)
                .keyBy(UPPER)
                .peek(LOOK)
                .enrich(ENRICHER, UPPER, LEFT)
                .enrichOrDrop(ENRICHER, UPPER, INNER)
                .throttle(Throttle.perSecond(1_000))
                .batch(2, Duration.ofSeconds(1))
                .alsoTo(SINK)
                .alsoTo(SINK)
                .to(SINK, StageOptions.with().concurrency(2));
    }
}
