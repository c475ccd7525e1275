package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.runtime.Holdup;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a running pipeline says of itself. */
class ExplainTest {

    private final ManualSource<Integer> source = ManualSource.pausable();
    private final ManualSink<Integer> sink = ManualSink.create();

    @Test
    void shouldNameTheRecordAndTheSinkThatHoldAPartitionBack() {
        StageOptions oneByOne = StageOptions.with()
                .name("table")
                .ordering(Ordering.UNORDERED)
                .concurrency(10)
                .batch(BatchPolicy.upTo(1));
        source.feed("p", 3, 1).feed("p", 4, 2).feed("q", 0, 3);

        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(sink, oneByOne))) {
            sink.callWith(1);
            sink.callWith(2).succeed();
            sink.callWith(3).succeed();
            Pattern heldBack = Pattern.compile("p: done up to 3, held back by offset 3 in stage 'table' for \\d+ ms\n");
            Runs.awaitExplained(
                    running,
                    text -> text.startsWith("pipe: RUNNING\n")
                            && text.contains("q: done up to 1\n")
                            && heldBack.matcher(text).find());
            sink.callWith(1).succeed();
            Runs.awaitExplained(running, text -> text.contains("p: done up to 5\n"));
        }
    }

    @Test
    void shouldNameTheSinkThatStillHoldsTheRecordWhereAnotherIsDone() {
        ManualSink<Integer> aside = ManualSink.create();
        source.feed("p", 0, 1);

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe").from(source).alsoTo(aside).to(sink))) {
            aside.callWith(1);
            sink.callWith(1).succeed();
            Runs.awaitExplained(running, text -> text.contains("in stage 'alsoTo'"));
            aside.callWith(1).succeed();
            Runs.awaitExplained(running, text -> text.contains("p: done up to 1\n"));
        }
    }

    @Test
    void shouldNameTheLookupThatHoldsARecordAndThenTheSink() {
        CompletableFuture<Optional<Integer>> answer = new CompletableFuture<>();
        source.feed("p", 0, 1);

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe")
                        .from(source)
                        .enrich(
                                Enrichers.<Integer, Integer>async(key -> answer),
                                value -> value,
                                (value, found) -> value)
                        .to(sink))) {
            Runs.awaitExplained(running, text -> text.contains("in stage 'enrich'"));
            answer.complete(Optional.empty());
            sink.callWith(1);
            Runs.awaitExplained(running, text -> text.contains("in stage 'to'"));
            sink.callWith(1).succeed();
        }
    }

    @Test
    void shouldTellOfFailedAttempts() {
        source.feed("p", 0, 1);

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe")
                        .from(source)
                        .to(sink, StageOptions.with().retry(RetryPolicy.fixed(Duration.ofMillis(1)))))) {
            sink.call(0).fail(new IllegalStateException("once"));
            sink.call(1).fail(new IllegalStateException("twice"));
            sink.call(2);
            Runs.awaitExplained(running, text -> text.contains("after 2 failed attempts"));
            sink.call(2).succeed();
        }
    }

    @Test
    void shouldTellForProgramsWhatHoldsEachPartitionBack() {
        StageOptions oneByOne = StageOptions.with()
                .name("table")
                .concurrency(10)
                .batch(BatchPolicy.upTo(1))
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)));
        source.feed("q", 5, 1).feed("q", 6, 2).feed("p", 3, 3).feed("r", 0, 4);

        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(sink, oneByOne))) {
            sink.callWith(1).fail(new IllegalStateException("once"));
            sink.callWith(3);
            sink.callWith(4).succeed();
            awaitHoldups(
                    running,
                    new Holdup("p", 3, Optional.of("table"), Duration.ZERO, 0, Duration.ZERO),
                    new Holdup("q", 5, Optional.of("table"), Duration.ZERO, 1, Duration.ZERO));
            running.abandon();
        }
    }

    /** Waits until it tells of these, whatever their ages are. */
    private static void awaitHoldups(RunningPipeline running, Holdup... expected) {
        Await.until(
                () -> "it tells of other records than " + running.holdups(),
                () -> running.holdups().stream()
                        .filter(told -> !told.age().isNegative())
                        .map(told -> new Holdup(
                                told.partition(),
                                told.offset(),
                                told.stage(),
                                Duration.ZERO,
                                told.failedAttempts(),
                                told.unavailable()))
                        .toList()
                        .equals(List.of(expected)));
    }

    @Test
    void shouldTellThatADeadLetterWaitsForItsStore() {
        ManualSink<DeadLetter> store = ManualSink.create();
        source.feed("p", 0, 1);

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe")
                        .from(source)
                        .map(value -> null)
                        .to(Sinks.discard(), StageOptions.with().onFailure(FailurePolicy.deadLetter(store))))) {
            store.call(0);
            Runs.awaitExplained(running, text -> text.contains("in stage 'dead-letters'"));
            store.call(0).succeed();
        }
    }

    @Test
    void shouldNameTheCauseAfterAFailure() {
        source.feed("p", 0, 1);
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe").from(source).map(value -> null).to(Sinks.discard()));
        Runs.awaitState(running, PipelineState.FAILED);

        assertThat(running.explain())
                .startsWith("pipe: FAILED\n  cause: pipeline 'pipe' failed in stage 'map' at p@0: ")
                .contains("p: done up to 0, held back by offset 0");
    }

    @Test
    void shouldCountWhatBecomesOfEachRecord() {
        for (int i = 0; i < 100; i++) {
            source.feed("p-" + i % 3, i, i);
        }
        source.end();

        RunningPipeline running = Runs.run(Pipeline.named("pipe")
                .from(source)
                .filter(value -> value % 10 != 0)
                .map(
                        value -> value % 10 == 1 ? null : value,
                        StageOptions.with().onFailure(FailurePolicy.skip()))
                .map(
                        value -> value % 10 == 2 ? null : value,
                        StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .flatMap(value -> List.of(value, value))
                .to(Sinks.discard()));

        PipelineStats stats = running.stats();
        assertThat(stats.recordsRead()).isEqualTo(100);
        assertThat(stats.recordsDone()).isEqualTo(100);
        assertThat(stats.recordsInFlight()).isZero();
        assertThat(stats.skipped()).isEqualTo(10);
        assertThat(stats.deadLetters()).isEqualTo(10);
        assertThat(stats.lateAcknowledgements()).isZero();
        assertThat(stats.stage("from").out()).isEqualTo(100);
        assertThat(stats.stage("filter").in()).isEqualTo(100);
        assertThat(stats.stage("filter").dropped()).isEqualTo(10);
        assertThat(stats.stage("map").failed()).isEqualTo(10);
        assertThat(stats.stage("map-2").in()).isEqualTo(80);
        assertThat(stats.stage("flatMap").out()).isEqualTo(140);
        assertThat(stats.stage("to").out()).isEqualTo(140);
        assertThatThrownBy(() -> stats.stage("other"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("there is no stage 'other'");
    }
}
