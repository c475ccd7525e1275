package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.Headers;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists: what goes into one, when it goes on, and when its records are done. */
@Timeout(120)
class BatchTest {

    private final ManualSource<Integer> source = ManualSource.pausable();
    private final ManualSink<List<Integer>> sink = ManualSink.create();
    private final List<List<Integer>> written = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldGatherValuesInOrderAndHandTheRestOnAtTheEnd() {
        RunningPipeline running = Runs.run(numbers(10).batch(4).to(Sinks.into(written)));

        assertThat(written).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9));
        assertThat(running.stats().stage("batch").in()).isEqualTo(10);
        assertThat(running.stats().stage("batch").out()).isEqualTo(3);
        assertThat(running.stats().recordsDone()).isEqualTo(10);
    }

    @Test
    void shouldNotMixPartitions() {
        for (int i = 0; i < 6; i++) {
            source.feed(i % 2 == 0 ? "p" : "q", i, i);
        }
        source.end();
        Runs.run(pipe().batch(2).to(Sinks.into(written)));

        assertThat(written)
                .hasSize(4)
                .contains(List.of(0, 2), List.of(4), List.of(1, 3), List.of(5))
                .satisfies(lists -> assertThat(lists.indexOf(List.of(0, 2))).isLessThan(lists.indexOf(List.of(4))));
    }

    @Test
    void shouldLeaveNoListShortThatALookupUnderWayCanFill() {
        Runs.run(numbers(1_000)
                .enrich(Enrichers.<Integer, Integer>blocking(Optional::of), n -> n, (n, same) -> n)
                .batch(90)
                .to(Sinks.into(written)));

        assertThat(written).hasSize(12);
        assertThat(written.subList(0, 11)).allSatisfy(list -> assertThat(list).hasSize(90));
        assertThat(written.stream().flatMap(List::stream)).isSorted().hasSize(1_000);
    }

    @Test
    void shouldGatherListsToo() {
        List<List<List<Integer>>> nested = Collections.synchronizedList(new ArrayList<>());

        RunningPipeline running = Runs.run(numbers(5).batch(2).batch(2).to(Sinks.into(nested)));

        assertThat(nested).containsExactly(List.of(List.of(0, 1), List.of(2, 3)), List.of(List.of(4)));
        assertThat(running.stats().recordsDone()).isEqualTo(5);
    }

    @Test
    void shouldWaitForAFullListUnlessAnAgeIsGiven() {
        source.feed("p", 0, 1);
        try (RunningPipeline running = Runs.runner()
                .stuckAfter(Duration.ofMillis(1))
                .start(pipe().batch(2).to(sink))) {
            Runs.awaitExplained(running, text -> text.contains("held back by offset 0 in stage 'batch'"));
            Await.still("it waits", () -> sink.calls() == 0);
            Runs.awaitUp(running);

            source.feed("p", 1, 2);
            assertThat(sink.call(0).values()).containsExactly(List.of(1, 2));
            sink.call(0).succeed();
        }
    }

    @Test
    void shouldMoveTheFrontierOnlyWhenTheListIsDone() {
        source.feed("p", 0, 1).feed("p", 1, 2).feed("p", 2, 3);
        RunningPipeline running = Runs.runner().start(pipe().batch(2).to(sink));
        sink.call(0);
        Await.still("nothing is done", () -> source.committed("p") <= 0);

        sink.call(0).succeed();
        Await.until("the first list is", () -> source.committed("p") == 2);
        Await.still("the other is not", () -> source.committed("p") == 2);
        running.abandon();
        Runs.awaitEnd(running);

        assertThat(source.committed("p")).isEqualTo(2);
        assertThat(sink.calls()).isOne();
    }

    @Test
    void shouldHoldARecordThatIsInSeveralListsUntilAllAreDone() {
        source.feed("p", 0, 1).feed("p", 1, 2);
        try (RunningPipeline running =
                Runs.runner().start(pipe().flatMap(n -> List.of(n, -n)).batch(3).to(sink))) {
            assertThat(sink.call(0).values()).containsExactly(List.of(1, -1, 2));
            sink.call(0).succeed();
            Await.until("the first record is done", () -> source.committed("p") == 1);
            Await.still("the second is not", () -> running.stats().recordsDone() == 1);

            running.drain();
            assertThat(sink.call(1).values()).containsExactly(List.of(-2));
            sink.call(1).succeed();
        }
        assertThat(source.committed("p")).isEqualTo(2);
    }

    @Test
    void shouldHandOnWhatThereIsOfARevokedPartition() throws Exception {
        AtomicReference<Map<String, Long>> returned = new AtomicReference<>();
        try (RunningPipeline running = Runs.runner().start(pipe().batch(10).to(sink))) {
            source.feed("p", 0, 1).feed("p", 1, 2).feed("q", 0, 3);
            Await.until(
                    "they are gathered", () -> running.stats().stage("batch").in() == 3);

            CompletableFuture<Void> revoked = source.later(context -> returned.set(context.revoked(List.of("p"))));
            assertThat(sink.call(0).values()).containsExactly(List.of(1, 2));
            sink.call(0).succeed();
            revoked.get();

            assertThat(returned).hasValue(Map.of("p", 2L));
            Await.still("the other goes on gathering", () -> sink.calls() == 1);
            running.drain();
            sink.call(1).succeed();
        }
    }

    @Test
    void shouldDropWhatWasGatheredOfALostPartition() {
        try (RunningPipeline running = Runs.runner().start(pipe().batch(2).to(sink))) {
            source.feed("p", 0, 1);
            Await.until("it is gathered", () -> running.stats().stage("batch").in() == 1);
            source.within(context -> {
                context.lost(List.of("p"));
                context.assigned(List.of("p"));
            });
            source.feed("p", 0, 2).feed("p", 1, 3);

            assertThat(sink.call(0).values()).containsExactly(List.of(2, 3));
            sink.call(0).succeed();
            Await.until("the old one is counted", () -> running.stats().lateAcknowledgements() == 1);
        }
        assertThat(source.committed("p")).isEqualTo(2);
    }

    @Test
    void shouldHandListsOnThatFillThePipeline() {
        Runs.run(
                Runs.runner().workers(3).maxInFlight(30),
                numbers(1_000).batch(500).to(Sinks.into(written)));

        assertThat(written.stream().flatMap(List::stream)).isSorted().hasSize(1_000);
        assertThat(written).first().satisfies(list -> assertThat(list).hasSizeGreaterThanOrEqualTo(30));
    }

    @Test
    void shouldHandListsOnWhoseBytesFillThePipeline() {
        for (int i = 0; i < 100; i++) {
            source.feed(PipelineRecord.of(i, "p", i).withSize(1_000));
        }
        source.end();
        Runs.run(Runs.runner().maxInFlightBytes(20_000), pipe().batch(500).to(Sinks.into(written)));

        assertThat(written.stream().flatMap(List::stream)).isSorted().hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFillListsThoughAThrottleHoldsTheSourceBack(boolean isBefore) {
        Throttle throttle = Throttle.perSecond(5_000);
        Stage<Integer> numbers = numbers(200);

        Runs.run((isBefore
                        ? numbers.throttle(throttle).batch(50)
                        : numbers.batch(50).throttle(throttle))
                .to(Sinks.into(written)));

        assertThat(written).hasSize(4);
    }

    @Test
    void shouldNotCutListsShortWhileASlowSinkFillsThePipeline() {
        for (int i = 0; i < 100; i++) {
            source.feed("p", i, i);
        }
        PipelineRunner runner = Runs.runner().workers(1).maxInFlight(48);
        StageOptions oneByOne = StageOptions.with().batch(BatchPolicy.upTo(1));
        try (RunningPipeline running = runner.start(pipe().batch(20).to(sink, oneByOne))) {
            sink.call(0);
            // What has been taken may not have been counted yet.
            Await.until("it is full", () -> source.isPaused("p"));
            sink.call(0).succeed();
            sink.call(1);
            Await.until("two have gone on", () -> running.stats().stage("batch").out() == 2);
            Await.still(
                    "what is not full waits",
                    () -> running.stats().stage("batch").out() == 2);

            for (int i = 1; i < 5; i++) {
                assertThat(sink.call(i).values())
                        .singleElement()
                        .satisfies(list -> assertThat(list).hasSize(20));
                sink.call(i).succeed();
            }
        }
    }

    @Test
    void shouldMakeARecordOfAList() {
        List<PipelineRecord<List<Integer>>> seen = Collections.synchronizedList(new ArrayList<>());
        List<Object> keys = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 3; i++) {
            source.feed(PipelineRecord.of(i, "p", 5 + i)
                    .withKey("key")
                    .withTimestamp(i == 1 ? 1_000 : i)
                    .withHeaders(Headers.none().with("h", "x"))
                    .withSize(10));
        }
        source.end();
        Runs.run(pipe().keyBy(n -> n)
                .batch(3)
                .peek(seen::add)
                .keyBy(List::size)
                .peek(record -> keys.add(record.key()))
                .to(Sinks.into(written)));

        assertThat(seen).singleElement().satisfies(record -> {
            assertThat(record.key()).isNull();
            assertThat(record.position()).hasToString("p@5");
            assertThat(record.timestamp()).contains(Instant.ofEpochMilli(1_000));
            assertThat(record.headers()).isEqualTo(Headers.none());
            assertThat(record.sizeInBytes()).isEqualTo(30);
            assertThat(record.value()).isUnmodifiable();
        });
        assertThat(keys).containsExactly(3);
    }

    @Test
    void shouldRefuseSizesAndAgesThatAreNotPositive() {
        assertThatThrownBy(() -> numbers(1).batch(0)).hasMessage("size must be positive, got 0");
        assertThatThrownBy(() -> numbers(1).batch(1, Duration.ZERO)).hasMessage("age must be positive, got PT0S");
        assertThatThrownBy(() -> numbers(1).batch(1, (Duration) null)).hasMessage("age");
    }

    private Stage<Integer> pipe() {
        return Pipeline.named("pipe").from(source);
    }

    private static Stage<Integer> numbers(int count) {
        return Pipeline.named("p")
                .from(Sources.of(IntStream.range(0, count).boxed().toList()));
    }
}
