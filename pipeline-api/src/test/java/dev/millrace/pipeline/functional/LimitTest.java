package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.PipelineDefinitionException;
import dev.millrace.pipeline.Preview;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.LogSource;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.ManualStore;
import dev.millrace.pipeline.testing.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first values of a run pass, never one more, and the next run begins with what comes behind them. */
@Timeout(120)
class LimitTest {

    private final List<Object> written = Collections.synchronizedList(new ArrayList<>());
    private final ManualSource<Integer> source = ManualSource.pausable();

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static LogSource<Integer> log(int count) {
        return new LogSource<Integer>().append("p", numbers(0, count));
    }

    private static Stage<Integer> from(LogSource<Integer> log) {
        return Pipeline.named("p").from(log);
    }

    private ManualSource<Integer> fed(int count) {
        numbers(0, count).forEach(number -> source.feed("p", number, number));
        return source;
    }

    /** Nothing here may take as long as its drain timeout. */
    private static PipelineRunner runner() {
        return Runs.runner().drainTimeout(Duration.ofHours(1));
    }

    private static RunningPipeline run(Pipeline pipeline) {
        RunningPipeline running = Runs.run(runner(), pipeline);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(running.stats().recordsInFlight()).isZero();
        assertThat(running.stats().bytesInFlight()).isZero();
        return running;
    }

    @Test
    void shouldLetTheFirstPassAndLeaveTheOthersToTheNextRun() {
        LogSource<Integer> log = log(250);
        Pipeline pipeline = from(log).limit(100).to(Sinks.into(written));

        RunningPipeline first = run(pipeline);
        assertThat(written).isEqualTo(numbers(0, 100));
        assertThat(log.committed("p")).isEqualTo(100);
        assertThat(first.stats().recordsRead()).isEqualTo(100);
        assertThat(first.stats().recordsDone()).isEqualTo(100);
        assertThat(first.stats().stage("limit").out()).isEqualTo(100);
        assertThat(first.stats().stage("limit").dropped()).isZero();

        run(pipeline);
        assertThat(written).isEqualTo(numbers(0, 200));

        run(pipeline);
        assertThat(written).isEqualTo(numbers(0, 250));
        assertThat(log.isDone()).isTrue();
    }

    @Test
    void shouldNeverLetOneMorePassWhicheverWorkerTakesIt() {
        for (int limit = 1; limit < 2_000; limit = 2 * limit + 1) {
            LogSource<Integer> log = new LogSource<>();
            for (int partition = 0; partition < 8; partition++) {
                log.append("p" + partition, numbers(1_000 * partition, 1_000 * partition + 250));
            }
            written.clear();
            Pipeline pipeline = from(log).limit(limit).to(Sinks.into(written));
            for (int runs = 1; !log.isDone() && runs < 10; runs++) {
                Runs.run(runner().workers(4), pipeline);
                assertThat(written).hasSize(Math.min(2_000, runs * limit)).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void shouldEndThoughNothingComesBehindTheLast() {
        RunningPipeline running =
                Runs.run(runner(), Pipeline.named("p").from(fed(3)).limit(3).to(Sinks.into(written)));

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.committed("p")).isEqualTo(3);
    }

    @Test
    void shouldFinishWhatHasPassed() {
        ManualSink<Integer> sink = ManualSink.create();
        RunningPipeline running =
                runner().start(Pipeline.named("p").from(fed(5)).limit(2).to(sink));
        sink.callWith(0);
        Runs.awaitState(running, PipelineState.DRAINING);
        Await.still("it waits for the write", () -> running.state() == PipelineState.DRAINING);

        sink.callWith(0).succeed();
        sink.callWith(1).succeed();

        Runs.awaitEnd(running);
        assertThat(source.committed("p")).isEqualTo(2);
        assertThat(running.stats().stage("to").out()).isEqualTo(2);
    }

    @Test
    void shouldNotCallStuckWhatItHasRefused() {
        ManualSink<Integer> sink = ManualSink.create();
        source.feed("q", 0, -1);
        source.feed("p", 0, 0);
        RunningPipeline running = runner().workers(1)
                .stuckAfter(Duration.ofNanos(1))
                .start(Pipeline.named("p").from(source).limit(1).to(sink));
        sink.callWith(-1);

        Await.until(
                () -> "the other is refused or was never begun: " + running.explain(),
                () -> running.stats().recordsInFlight() == 1);
        Runs.awaitHealth(
                running,
                health -> health.reasons().stream()
                                .anyMatch(reason -> reason.startsWith("partition q is held back by offset 0"))
                        && health.reasons().stream().noneMatch(reason -> reason.startsWith("partition p")));
        assertThat(running.explain()).doesNotContain("p: nothing done yet, held back");

        sink.callWith(-1).succeed();
        Runs.awaitEnd(running);
        assertThat(source.committed("q")).isEqualTo(1);
        assertThat(source.committed("p")).isLessThanOrEqualTo(0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotWaitForAnAnswerBeforeIt(Ordering ordering) {
        Enricher<Integer, Integer> silent = context -> number ->
                number < 3 ? CompletableFuture.completedFuture(Optional.of(number)) : new CompletableFuture<>();

        Runs.run(
                runner(),
                Pipeline.named("p")
                        .from(fed(100))
                        .enrich(silent, number -> number, (number, same) -> number, with(ordering))
                        .limit(3)
                        .to(Sinks.into(written)));

        assertThat(written).containsExactly(0, 1, 2);
        assertThat(source.committed("p")).isEqualTo(3);
    }

    @Test
    void shouldNotWaitForACallThatComesAgain() {
        Lookup<Integer, Integer> away = number -> {
            if (number < 3) {
                return CompletableFuture.completedFuture(Optional.of(number));
            }
            throw new UnavailableException("away");
        };

        Runs.run(
                runner(),
                Pipeline.named("p")
                        .from(fed(100))
                        .enrich(
                                context -> away,
                                number -> number,
                                (number, same) -> number,
                                with(Ordering.PER_PARTITION).retry(RetryPolicy.fixed(Duration.ofHours(1))))
                        .limit(3)
                        .to(Sinks.into(written)));

        assertThat(written).containsExactly(0, 1, 2);
        assertThat(source.committed("p")).isEqualTo(3);
    }

    private static StageOptions with(Ordering ordering) {
        return StageOptions.with().ordering(ordering);
    }

    @Test
    void shouldHaveARecordComeAgainAsAWholeOfWhichAPartHasPassed() {
        LogSource<Integer> log = log(4);
        Pipeline pipeline = from(log)
                .flatMap(number -> List.of(number + ".a", number + ".b", number + ".c"))
                .limit(5)
                .to(Sinks.into(written));

        run(pipeline);
        assertThat(written).containsExactly("0.a", "0.b", "0.c", "1.a", "1.b");
        assertThat(log.committed("p")).isEqualTo(1);

        written.clear();
        run(pipeline);
        assertThat(written).containsExactly("1.a", "1.b", "1.c", "2.a", "2.b");
        assertThat(log.committed("p")).isEqualTo(2);
    }

    @Test
    void shouldCountAListAsAValue() {
        LogSource<Integer> log = log(35).append("q", numbers(1_000, 1_005));

        run(from(log).filter(number -> number < 1_000).batch(10).limit(2).to(Sinks.into(written)));

        assertThat(written).containsExactly(numbers(0, 10), numbers(10, 20));
        assertThat(log.committed("p")).isEqualTo(20);
    }

    @Test
    void shouldNotWaitForAListBeforeItThatIsNotFull() {
        source.feed("q", 0, 7);
        fed(10);

        Runs.run(
                runner().workers(1),
                Pipeline.named("p").from(source).batch(10).limit(1).to(Sinks.into(written)));

        assertThat(written).containsExactly(numbers(0, 10));
        assertThat(source.committed("p")).isEqualTo(10);
        assertThat(source.committed("q")).isLessThanOrEqualTo(0);
    }

    @Test
    void shouldHandOnTheListThatItsValuesDoNotFill() {
        LogSource<Integer> log = log(100);

        run(from(log).limit(25).batch(10).to(Sinks.into(written)));

        assertThat(written).containsExactly(numbers(0, 10), numbers(10, 20), numbers(20, 25));
        assertThat(log.committed("p")).isEqualTo(25);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotWaitForAPaceBeforeItButKeepTheOneBehind(boolean isPaceBehind) {
        Throttle seldom = Throttle.randomPause(Duration.ofHours(1), Duration.ofHours(1));
        Stage<Integer> stage = from(log(10));
        stage = isPaceBehind
                ? stage.limit(1).throttle(seldom)
                : stage.throttle(seldom).limit(1);

        run(stage.to(Sinks.into(written)));

        assertThat(written).containsExactly(0);
    }

    @Test
    void shouldEndTheWholePipelineFromABranch() {
        List<Object> aside = Collections.synchronizedList(new ArrayList<>());
        LogSource<Integer> log = log(1_000);
        Pipeline pipeline = from(log)
                .branch(all -> all.filter(number -> number % 10 == 0).limit(3).to(Sinks.into(aside)))
                .to(Sinks.into(written));

        run(pipeline);
        assertThat(aside).containsExactly(0, 10, 20);
        assertThat(log.committed("p")).isBetween(21L, 30L);
        assertThat(written).containsAll(numbers(0, (int) log.committed("p")));

        run(pipeline);
        assertThat(aside).containsExactly(0, 10, 20, 30, 40, 50);
        assertThat(written).containsAll(numbers(0, (int) log.committed("p")));
    }

    @Test
    void shouldNotWaitForWhatItHasRefusedOnAnotherWay() {
        ManualSink<Integer> aside = ManualSink.pipelined();
        RunningPipeline running = runner().start(Pipeline.named("p")
                .from(fed(2))
                .alsoTo(aside, StageOptions.with().batch(BatchPolicy.upTo(1)))
                .limit(1)
                .to(Sinks.into(written)));

        aside.callWith(1);
        Await.still(
                "it waits for the one that has passed", () -> !running.state().isFinal());
        aside.callWith(0).succeed();

        Runs.awaitEnd(running);
        assertThat(source.committed("p")).isEqualTo(1);
    }

    @Test
    void shouldWriteAgainBesideItWhatItHasRefused() {
        List<Object> aside = Collections.synchronizedList(new ArrayList<>());
        LogSource<Integer> log = log(30);
        Pipeline pipeline = from(log).alsoTo(Sinks.into(aside)).limit(20).to(Sinks.into(written));

        run(pipeline);
        assertThat(log.committed("p")).isEqualTo(20);
        assertThat(aside).containsAll(numbers(0, 20));

        run(pipeline);
        assertThat(written).isEqualTo(numbers(0, 30));
        assertThat(aside).containsAll(numbers(0, 30));
    }

    @Test
    void shouldCountExactlyBehindItThoughARecordHasPassedInPart() {
        LogSource<Integer> log = log(40).append("q", numbers(40, 80));
        ManualStore store = new ManualStore();
        Map<String, Long> counts = Collections.synchronizedMap(new TreeMap<>());
        Pipeline pipeline = from(log)
                .flatMap(number -> List.of("all", "all", "of " + number % 4))
                .limit(7)
                .keyBy(key -> key)
                .aggregate(
                        Aggregators.counting(),
                        (key, count) -> Map.entry(key, count),
                        Aggregation.keptIn(store).every(Duration.ofHours(1)))
                .to(Sinks.forEach(count -> counts.put(count.getKey(), count.getValue())));

        for (int runs = 0; !log.isDone() && runs < 100; runs++) {
            run(pipeline);
        }

        assertThat(counts).isEqualTo(Map.of("all", 160L, "of 0", 20L, "of 1", 20L, "of 2", 20L, "of 3", 20L));
    }

    @Test
    void shouldNotCountWhatIsGivenUpBeforeItButWhatIsBehind() {
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        LogSource<Integer> log = log(10);

        RunningPipeline running = run(from(log)
                .map(number -> not(number, 1))
                .limit(4)
                .map(number -> not(number, 3))
                .to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.into(letters)))));

        assertThat(written).containsExactly(0, 2, 4);
        assertThat(letters).extracting(DeadLetter::stage).containsExactly("map", "map-2");
        assertThat(log.committed("p")).isEqualTo(5);
        assertThat(running.stats().deadLetters()).isEqualTo(2);
    }

    private static Integer not(Integer number, int bad) {
        if (number == bad) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    @Test
    void shouldGoOnCountingWhereTheRunBeginsAnew() {
        AtomicInteger lives = new AtomicInteger();
        Sink<Object> sink = context -> {
            lives.incrementAndGet();
            return Sinks.into(written).open(context);
        };
        RunningPipeline running = runner().restart(RetryPolicy.fixed(Duration.ofMillis(1)))
                .start(Pipeline.named("p").from(fed(2)).limit(3).to(sink));
        Await.until("two are written", () -> written.size() == 2);
        source.failPollWith(new IOException("connection reset"));
        Await.until("it has begun anew", () -> lives.get() == 2);

        source.feed("p", 2, 2).feed("p", 3, 3);

        Runs.awaitEnd(running);
        assertThat(written).containsExactly(0, 1, 2);
        assertThat(source.committed("p")).isEqualTo(3);
        assertThat(running.stats().stage("limit").out()).isEqualTo(3);
    }

    @Test
    void shouldEndWhileItIsPausedOrFinishes() {
        CompletableFuture<Optional<Integer>> answer = new CompletableFuture<>();
        Enricher<Integer, Integer> slow = context -> number -> answer;
        RunningPipeline running = runner().start(Pipeline.named("p")
                .from(fed(3))
                .enrich(slow, number -> number, (number, found) -> number)
                .limit(2)
                .to(Sinks.into(written)));
        Await.until("they are read", () -> running.stats().recordsRead() == 3);
        running.pause();
        running.finish();

        answer.complete(Optional.empty());

        Runs.awaitEnd(running);
        assertThat(written).containsExactly(0, 1);
        assertThat(source.committed("p")).isEqualTo(2);
    }

    @Test
    void shouldEndAtTheLimitAlsoWhereItIsReachedInADrain() {
        List<CompletableFuture<Optional<Integer>>> answers = new ArrayList<>();
        Enricher<Integer, Integer> slow = context -> number -> {
            synchronized (answers) {
                answers.add(new CompletableFuture<>());
                return answers.get(answers.size() - 1);
            }
        };
        RunningPipeline running = runner().start(Pipeline.named("p")
                .from(fed(3).end())
                .enrich(slow, number -> number, (number, found) -> number)
                .limit(1)
                .to(Sinks.into(written)));
        Runs.awaitState(running, PipelineState.DRAINING);
        Await.until("all are asked for", () -> {
            synchronized (answers) {
                return answers.size() == 3;
            }
        });

        answers.get(0).complete(Optional.empty());

        Runs.awaitEnd(running);
        assertThat(written).containsExactly(0);
        assertThat(source.committed("p")).isEqualTo(1);
    }

    /** What is refused comes again, and would seem to be included by a state that has what got ahead of it. */
    @Test
    void shouldLetNothingGetAheadOfWhatItRefusesOnTheWayToAnAggregate() {
        LogSource<Integer> log = log(3);
        ManualStore states = new ManualStore();
        List<Long> counts = Collections.synchronizedList(new ArrayList<>());
        Map<Integer, CompletableFuture<Optional<Integer>>> answers = new ConcurrentHashMap<>();
        Enricher<Integer, Integer> slow =
                context -> number -> answers.computeIfAbsent(number, asked -> new CompletableFuture<>());
        Pipeline pipeline = from(log)
                .enrich(slow, number -> number, (number, found) -> number)
                .branch(all -> all.limit(1).to(Sinks.into(written)))
                .keyBy(number -> "all")
                .aggregate(
                        Aggregators.counting(),
                        (key, count) -> count,
                        Aggregation.keptIn(states).every(Duration.ofMillis(1)))
                .to(Sinks.into(counts));
        RunningPipeline running = runner().start(pipeline);
        Await.until("all are asked for", () -> answers.size() == 3);
        answers.get(2).complete(Optional.empty());
        answers.get(0).complete(Optional.empty());
        Runs.awaitEnd(running);
        assertThat(log.committed("p")).isEqualTo(1);

        answers.get(1).complete(Optional.empty());
        run(pipeline);
        run(pipeline);

        assertThat(written).containsExactly(0, 1, 2);
        assertThat(counts.get(counts.size() - 1)).isEqualTo(3);
        assertThat(log.committed("p")).isEqualTo(3);
    }

    @Test
    void shouldGiveAwayAPartitionWhileItEnds() {
        ManualSink<Integer> sink = ManualSink.create();
        source.feed("q", 0, -1);
        RunningPipeline running = runner().revokeTimeout(Duration.ofHours(1))
                .start(Pipeline.named("p").from(fed(5)).limit(1).to(sink));
        ManualSink.Call<Integer> passed = sink.call(0);
        String held = passed.batch().get(0).partition();
        String other = held.equals("p") ? "q" : "p";
        Runs.awaitState(running, PipelineState.DRAINING);

        source.within(context -> assertThat(context.revoked(List.of(other)).getOrDefault(other, 0L))
                .isZero());
        passed.succeed();

        Runs.awaitEnd(running);
        assertThat(source.committed(held)).isEqualTo(1);
        assertThat(source.committed(other)).isLessThanOrEqualTo(0);
    }

    @Test
    void shouldShowItselfInDescriptionAndPreview() {
        Pipeline pipeline = from(log(5)).limit(2).to(Sinks.into(written));

        assertThat(pipeline.describe()).contains("limit  the first 2\n");
        assertThat(pipeline.describeAsMermaid()).contains("[\"limit<br/>the first 2\"]");
        assertThat(from(log(1)).limit(Long.MAX_VALUE).to(Sinks.discard()).describe())
                .contains("limit  none\n");
        Preview preview = pipeline.preview(5);
        assertThat(preview.records()).hasSize(5);
        assertThat(preview.record(SourcePosition.of("p", 1)).rows().get(0)).containsKey("to");
        assertThat(preview.record(SourcePosition.of("p", 2)).rows().get(0).get("limit"))
                .isEqualTo(new Preview.Dropped());
    }

    @Test
    void shouldRefuseALimitThatIsNone() {
        Stage<Integer> stage = Pipeline.named("p").from(Sources.of(1));

        assertThatThrownBy(() -> stage.limit(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("most must be positive, got 0");
        assertThatThrownBy(() -> stage.limit(-1)).hasMessage("most must be positive, got -1");
        assertThatThrownBy(() -> stage.keyBy(number -> number)
                        .aggregate(Aggregators.counting(), (key, count) -> key, Aggregation.keptIn(StateStore.none()))
                        .limit(1))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessage("pipeline 'p' cannot have 'limit' after an aggregate; put it before");
    }
}
