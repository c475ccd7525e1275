package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.PipelineDefinitionException;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.runtime.StageStats;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values go down a way of their own as well, and a record is done when every way is done with it. */
@Timeout(120)
class BranchTest {

    private final List<Object> aside = Collections.synchronizedList(new ArrayList<>());
    private final List<Object> onwards = Collections.synchronizedList(new ArrayList<>());

    private static Stage<Integer> numbers(int count) {
        return Pipeline.named("p")
                .from(Sources.of(IntStream.range(0, count).boxed().toList()));
    }

    @Test
    void shouldTakeEachValueBothWays() {
        RunningPipeline running = Runs.run(numbers(1_000)
                .map(number -> number + 1)
                .branch(all -> all.filter(number -> number % 2 == 0)
                        .map(number -> "even " + number)
                        .to(Sinks.into(aside)))
                .map(number -> -number)
                .to(Sinks.into(onwards)));

        assertThat(aside).hasSize(500).startsWith("even 2", "even 4").endsWith("even 1000");
        assertThat(onwards).hasSize(1_000).startsWith(-1, -2).endsWith(-1_000);
        assertThat(running.stats().recordsDone()).isEqualTo(1_000);
        assertThat(running.stats().stages())
                .extracting(StageStats::stage)
                .containsExactly("from", "map", "filter", "map-2", "to", "map-3", "to-2");
        assertThat(running.stats().stage("filter").dropped()).isEqualTo(500);
        assertThat(running.stats().stage("to").writes()).isPresent();
        assertThat(running.stats().stage("map-3").out()).isEqualTo(1_000);
    }

    @Test
    void shouldBeDoneWithARecordOnceEveryWayIs() {
        ManualSource<Integer> source = ManualSource.pausable();
        ManualSink<Integer> one = ManualSink.create();
        ManualSink<Integer> two = ManualSink.create();
        ManualSink<Integer> last = ManualSink.create();
        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .branch(all -> all.branch(inner -> inner.to(one)).to(two))
                        .to(last))) {
            source.feed("p", 0, 7);
            last.callWith(7).succeed();
            one.callWith(7).succeed();
            Await.still("it is not done", () -> running.stats().recordsDone() == 0);
            two.callWith(7).succeed();
            Await.until("it is committed", () -> source.committed("p") == 1);
        }
    }

    @Test
    void shouldGoOnBesideWhatFailsInABranch() {
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        StageOptions toLetters = StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.into(letters)));

        RunningPipeline running = Runs.run(numbers(10)
                .branch(all -> all.map(BranchTest::noThree).to(Sinks.into(aside), toLetters))
                .map(BranchTest::noThree, StageOptions.with().onFailure(FailurePolicy.skip()))
                .to(Sinks.into(onwards)));

        assertThat(aside).containsExactly(0, 1, 2, 4, 5, 6, 7, 8, 9);
        assertThat(onwards).containsExactlyElementsOf(aside);
        assertThat(letters).extracting(DeadLetter::stage).containsExactly("map");
        assertThat(running.stats().recordsDone()).isEqualTo(10);
    }

    @Test
    void shouldHaveThePolicyOfTheWayItLeavesWhereItHasNone() {
        StageOptions skipping = StageOptions.with().onFailure(FailurePolicy.skip());
        Runs.run(numbers(10)
                .branch(all -> all.branch(
                                inner -> inner.map(BranchTest::noThree).to(Sinks.into(aside)))
                        .to(Sinks.discard()))
                .to(Sinks.into(onwards), skipping));
        assertThat(aside).hasSize(9);
        assertThat(onwards).hasSize(10);

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(),
                numbers(10)
                        .branch(all -> all.map(BranchTest::noThree)
                                .to(Sinks.discard(), StageOptions.with().onFailure(FailurePolicy.stop())))
                        .to(Sinks.discard(), skipping));
        assertThat(failure.stage()).contains("map");
        assertThat(failure.position()).contains(SourcePosition.of("0", 3));
    }

    private static Integer noThree(Integer number) {
        if (number == 3) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    @Test
    void shouldHaveAnyStageInABranch() {
        Runs.run(numbers(100)
                .branch(all -> all.flatMap(number -> List.of(number, number))
                        .enrich(
                                Enrichers.<Integer, String>blocking(number -> Optional.of("n" + number)),
                                number -> number,
                                (number, name) -> name.orElseThrow(),
                                StageOptions.with().ordering(Ordering.PER_PARTITION))
                        .throttle(Throttle.perSecond(1_000_000))
                        .batch(30)
                        .to(Sinks.into(aside)))
                .keyBy(number -> number % 10)
                .to(Sinks.into(onwards)));

        assertThat(onwards).hasSize(100);
        assertThat(aside).hasSize(7).first().isEqualTo(twice(0, 15));
        assertThat(aside.get(6)).isEqualTo(twice(90, 100));
    }

    private static List<String> twice(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> "n" + number)
                .flatMap(name -> List.of(name, name).stream())
                .toList();
    }

    @Test
    void shouldCountInABranchAndCommitOnceTheCountIsTold() {
        ManualSource<Integer> source = ManualSource.pausable();
        for (int i = 0; i < 1_000; i++) {
            source.feed("p", i, i);
        }
        source.end();
        Pipeline pipeline = Pipeline.named("p")
                .from(source)
                .branch(all -> all.keyBy(number -> number % 3)
                        .snapshots(
                                Aggregators.counting(),
                                (key, count) -> Map.entry(key, count),
                                Aggregation.keptIn(StateStore.none()).every(Duration.ofMillis(1)))
                        .to(Sinks.into(aside)))
                .to(Sinks.into(onwards));

        Runs.run(pipeline);

        assertThat(onwards).hasSize(1_000);
        assertThat(new HashSet<>((List<?>) aside.get(aside.size() - 1)))
                .isEqualTo(Set.of(Map.entry(0, 334L), Map.entry(1, 333L), Map.entry(2, 333L)));
        assertThat(source.committed("p")).isEqualTo(1_000);
    }

    @Test
    void shouldBranchOffWhatAnAggregateTells() {
        Runs.run(numbers(90)
                .keyBy(number -> number % 3)
                .aggregate(
                        Aggregators.counting(),
                        (key, count) -> key + ": " + count,
                        Aggregation.keptIn(StateStore.none()).every(Duration.ofHours(1)))
                .branch(told -> told.filter(text -> text.startsWith("1")).to(Sinks.into(aside)))
                .to(Sinks.into(onwards)));

        assertThat(aside).containsExactly("1: 30");
        assertThat(onwards).containsExactlyInAnyOrder("0: 30", "1: 30", "2: 30");
    }

    @Test
    void shouldShowItsWaysApart() {
        Pipeline pipeline = ways();

        assertThat(pipeline.describe()).isEqualTo("""
                p
                  from  source
                  branch
                    filter
                    branch
                      rare  to  sink
                    to      sink  [on failure: skip]
                  map
                  to-2  to  sink
                """);
        assertThat(pipeline.describeAsMermaid())
                .contains("s0 --> s1", "s1 --> s2", "s1 --> s3", "s0 --> s4", "s4 --> s5");
        assertThat(pipeline.graph().previous())
                .isEqualTo(Map.of("filter", "from", "rare", "filter", "to", "filter", "map", "from", "to-2", "map"));
        assertThat(ways().preview(1).record(SourcePosition.of("0", 0)).rows())
                .singleElement()
                .satisfies(
                        row -> assertThat(row.keySet()).containsExactly("from", "filter", "rare", "to", "map", "to-2"));
    }

    private Pipeline ways() {
        return numbers(3)
                .branch(all -> all.filter(number -> true)
                        .branch(some ->
                                some.to(Sinks.into(aside), StageOptions.with().name("rare")))
                        .to(Sinks.into(aside), StageOptions.with().onFailure(FailurePolicy.skip())))
                .map(number -> number)
                .to(Sinks.into(onwards));
    }

    @Test
    void shouldRefuseABranchThatIsNone() {
        Stage<Integer> numbers = numbers(1);
        Pipeline other = Pipeline.named("other").from(Sources.of(1)).to(Sinks.discard());

        assertThatThrownBy(() -> numbers.map(number -> number).branch(all -> numbers.to(Sinks.discard())))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessage("a branch of pipeline 'p' must go on from the stage that it is given");
        assertThatThrownBy(() -> numbers.branch(all -> other)).isInstanceOf(PipelineDefinitionException.class);
        assertThatThrownBy(() -> numbers.branch(all -> null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the branch is null");
        assertThatThrownBy(() -> numbers.branch(all ->
                                all.to(Sinks.discard(), StageOptions.with().name("mine")))
                        .map(number -> number, StageOptions.with().name("mine")))
                .hasMessageContaining("'mine' occurs twice");
    }

    @Test
    void shouldRefuseASecondAggregate() {
        Aggregation none = Aggregation.keptIn(StateStore.none());
        assertThatThrownBy(() -> numbers(1)
                        .branch(all -> all.keyBy(number -> number)
                                .aggregate(Aggregators.counting(), (key, count) -> key, none)
                                .to(Sinks.discard()))
                        .keyBy(number -> number)
                        .aggregate(Aggregators.counting(), (key, count) -> key, none))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessage("pipeline 'p' cannot have 'aggregate' after stage 'branch', which has an aggregate");
    }
}
