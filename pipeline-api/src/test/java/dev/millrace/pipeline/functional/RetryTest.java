package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static final RetryPolicy SOON = RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(4));

    private final ManualSource<String> source = ManualSource.pausable();
    private final ManualSink<String> sink = ManualSink.create();
    private final RecordingListener listener = new RecordingListener();
    private final PipelineRunner runner = Runs.runner().listener(listener);
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldTryAsOftenAsThePolicySays() {
        source.feed("p", 3, "bad").end();
        AtomicInteger calls = new AtomicInteger();

        PipelineFailedException failure = Runs.runToFailure(
                runner,
                writing(
                        context -> batch -> {
                            calls.incrementAndGet();
                            throw new IllegalStateException("always");
                        },
                        StageOptions.with().retry(SOON.maxAttempts(4))));

        assertThat(calls).hasValue(4);
        assertThat(listener.retries)
                .extracting(RecordingListener.Retry::failedAttempts)
                .containsExactly(1, 2, 3);
        assertThat(listener.retries).allSatisfy(retry -> {
            assertThat(retry.stage()).isEqualTo("to");
            assertThat(retry.record()).hasToString("p@3");
            assertThat(retry.cause()).hasMessage("always");
        });
        assertThat(failure.getCause()).hasMessage("always");
    }

    @Test
    void shouldNoteTheAttemptsInTheDeadLetter() {
        source.feed("p", 0, "bad").end();
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());

        Runs.run(
                runner,
                writing(
                        Sinks.forEach(value -> {
                            throw new IllegalStateException("always");
                        }),
                        StageOptions.with()
                                .retry(SOON.maxAttempts(3))
                                .onFailure(FailurePolicy.deadLetter(Sinks.into(letters)))));

        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.stage()).isEqualTo("to");
            assertThat(letter.original().value()).isEqualTo("bad");
        });
    }

    @Test
    void shouldNotTryAgainWhatIsRefusedForGood() {
        source.feed("p", 0, "bad").end();

        try (RunningPipeline running = runner.start(
                writing(sink, StageOptions.with().retry(RetryPolicy.forever()).onFailure(FailurePolicy.skip())))) {
            sink.call(0).fail(new RefusedRecordException("never"));
            Runs.awaitEnd(running);
        }

        assertThat(sink.calls()).isOne();
        assertThat(listener.retries).isEmpty();
        assertThat(listener.skips).hasSize(1);
    }

    @Test
    void shouldTryWithoutEndAndWithoutCountingWhenTheSystemIsUnavailable() {
        source.feed("p", 0, "a").end();
        AtomicInteger calls = new AtomicInteger();

        RunningPipeline running = Runs.run(
                runner,
                writing(
                        Sinks.forEach(value -> {
                            int call = calls.incrementAndGet();
                            if (call == 1) {
                                throw new IllegalStateException("the one failure it may have");
                            } else if (call < 30) {
                                throw new UnavailableException("down");
                            }
                            written.add(value);
                        }),
                        StageOptions.with()
                                .retry(SOON.maxAttempts(2))
                                .onFailure(FailurePolicy.deadLetter(Sinks.discard()))));

        assertThat(written).containsExactly("a");
        assertThat(listener.deadLetters).isEmpty();
        assertThat(listener.retries).hasSize(1);
        assertThat(listener.outages)
                .hasSize(28)
                .allMatch(outage -> outage.stage().equals("to"));
        assertThat(running.stats().stage("to").unavailable()).isEqualTo(28);
    }

    @Test
    void shouldWaitLongerAfterEachOutageUpToTheLongest() {
        source.feed("p", 0, "a").end();
        AtomicInteger calls = new AtomicInteger();

        Runs.run(
                runner,
                writing(
                        context -> batch -> {
                            if (calls.incrementAndGet() <= 6) {
                                throw new UnavailableException("down");
                            }
                            return WriteResult.alreadyWritten();
                        },
                        StageOptions.with()
                                .retry(RetryPolicy.exponential(Duration.ofMillis(2), Duration.ofMillis(16))
                                        .jitter(0))));

        assertThat(listener.outages)
                .extracting(outage -> outage.delay().toMillis())
                .containsExactly(2L, 4L, 8L, 16L, 16L, 16L);
    }

    @Test
    void shouldSplitABatchUntilTheBadRecordStandsAlone() {
        for (int i = 0; i < 100; i++) {
            source.feed("p", i, i == 37 ? "bad" : "good-" + i);
        }
        source.end();

        RunningPipeline running = Runs.run(
                runner,
                writing(
                        Sinks.ofBatches(values -> {
                            if (values.contains("bad")) {
                                throw new IllegalStateException("one of these");
                            }
                            written.addAll(values);
                        }),
                        StageOptions.with().retry(SOON.maxAttempts(3)).onFailure(FailurePolicy.skip())));

        assertThat(written).hasSize(99).doesNotHaveDuplicates();
        assertThat(listener.skips).extracting(Object::toString).containsExactly("p@37");
        assertThat(listener.retries)
                .extracting(RecordingListener.Retry::failedAttempts)
                .containsExactly(1, 2);
        assertThat(running.stats().stage("to").out()).isEqualTo(99);
    }

    @Test
    void shouldSendOnlyThoseAgainThatFailed() {
        source.feed("p", 0, "a")
                .feed("p", 1, "b")
                .feed("p", 2, "c")
                .feed("p", 3, "d")
                .end();

        try (RunningPipeline running =
                runner.start(writing(sink, StageOptions.with().retry(SOON).ordering(Ordering.UNORDERED)))) {
            ManualSink.Call<String> first = sink.call(0);
            assertThat(first.values()).containsExactly("a", "b", "c", "d");
            first.failPartly(Map.of(1, new IllegalStateException("b"), 3, new UnavailableException("d")));
            sink.call(1).succeed();
            sink.call(2).succeed();
            Runs.awaitEnd(running);
        }

        assertThat(List.of(sink.call(1).values(), sink.call(2).values()))
                .containsExactlyInAnyOrder(List.of("b"), List.of("d"));
        assertThat(listener.retries).hasSize(1);
        assertThat(listener.outages).hasSize(1);
        assertThat(source.committed("p")).isEqualTo(4);
    }

    @Test
    void shouldSendAgainAfterAFailedValueWhatHasOvertakenItWhereOrderIsKept() {
        source.feed("p", 0, "a").feed("p", 1, "b").feed("p", 2, "c").end();

        try (RunningPipeline running =
                runner.start(writing(sink, StageOptions.with().retry(SOON)))) {
            sink.call(0).failPartly(Map.of(1, new IllegalStateException("b")));
            sink.call(1).succeed();
            sink.call(2).succeed();
            Runs.awaitEnd(running);
        }

        assertThat(sink.call(0).values()).containsExactly("a", "b", "c");
        assertThat(sink.call(1).values()).containsExactly("b");
        assertThat(sink.call(2).values()).containsExactly("c");
    }

    @Test
    void shouldKeepTheWriteTimestampInEveryAttempt() {
        source.feed("p", 0, "a").feed("p", 1, "b").end();

        try (RunningPipeline running =
                runner.start(writing(sink, StageOptions.with().retry(SOON)))) {
            sink.call(0).fail(new UnavailableException("down"));
            sink.call(1).succeed();
            Runs.awaitEnd(running);
        }

        List<Long> stamps = stamps(sink.call(0));
        assertThat(stamps).isEqualTo(stamps(sink.call(1))).isSorted().doesNotHaveDuplicates();
    }

    private static List<Long> stamps(ManualSink.Call<String> call) {
        return call.batch().stream().map(PipelineRecord::writeTimestamp).toList();
    }

    @Test
    void shouldLoseNoPermitWhenTheWriterThrows() {
        source.feed("p", 0, "a").end();
        AtomicInteger calls = new AtomicInteger();

        Runs.run(
                runner,
                writing(
                        context -> batch -> {
                            if (calls.incrementAndGet() < 500) {
                                throw new IllegalStateException("not yet");
                            }
                            return WriteResult.alreadyWritten();
                        },
                        StageOptions.with()
                                .concurrency(1)
                                .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(Integer.MAX_VALUE))));

        assertThat(calls).hasValue(500);
    }

    @Test
    void shouldLoseNoPermitWhenTheLookupThrows() {
        source.feed("p", 0, "a").end();
        AtomicInteger calls = new AtomicInteger();

        Runs.run(
                runner,
                Pipeline.named("pipe")
                        .from(source)
                        .enrich(
                                Enrichers.<String, String>async(key -> {
                                    if (calls.incrementAndGet() < 500) {
                                        throw new IllegalStateException("not yet");
                                    }
                                    return CompletableFuture.completedFuture(Optional.of(key));
                                }),
                                value -> value,
                                (value, answer) -> value,
                                StageOptions.with()
                                        .concurrency(1)
                                        .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(Integer.MAX_VALUE)))
                        .to(Sinks.into(written)));

        assertThat(calls).hasValue(500);
        assertThat(written).containsExactly("a");
    }

    @Test
    void shouldTryAgainAfterATimeoutAndIgnoreTheLateAnswer() {
        source.feed("p", 0, "a").end();

        try (RunningPipeline running = runner.start(
                writing(sink, StageOptions.with().timeout(Duration.ofMillis(5)).retry(SOON)))) {
            ManualSink.Call<String> late = sink.call(0);
            sink.call(1);
            late.fail(new IllegalStateException("late"));
            Await.until("the last answer is in time", () -> {
                sink.call(sink.calls() - 1).succeed();
                return running.state().isFinal();
            });
        }

        assertThat(listener.outages)
                .isNotEmpty()
                .allSatisfy(outage -> assertThat(outage.cause())
                        .isInstanceOf(UnavailableException.class)
                        .hasMessage("no answer within PT0.005S"));
        assertThat(listener.retries).isEmpty();
        assertThat(source.committed("p")).isEqualTo(1);
    }

    @Test
    void shouldAskALookupAgainAfterATimeout() {
        source.feed("p", 0, "a").end();
        AtomicInteger calls = new AtomicInteger();

        Runs.run(
                runner,
                Pipeline.named("pipe")
                        .from(source)
                        .enrich(
                                Enrichers.<String, String>async(key -> calls.incrementAndGet() == 1
                                        ? new CompletableFuture<>()
                                        : CompletableFuture.completedFuture(Optional.of("found"))),
                                value -> value,
                                (value, answer) -> answer.orElse("missed"),
                                StageOptions.with()
                                        .timeout(Duration.ofMillis(5))
                                        .retry(SOON))
                        .to(Sinks.into(written)));

        assertThat(written).containsExactly("found");
        assertThat(listener.outages).hasSize(1);
    }

    @Test
    void shouldLetOthersGoOnWhileARecordIsTriedAgain() {
        AtomicInteger goods = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            source.feed("p", i, i % 100 == 50 ? "bad" : "good");
        }
        source.end();

        Runs.run(
                runner,
                writing(
                        Sinks.forEach(value -> {
                            if (value.equals("bad")) {
                                throw new IllegalStateException("poison");
                            }
                            goods.incrementAndGet();
                        }),
                        StageOptions.with()
                                .ordering(Ordering.UNORDERED)
                                .batch(BatchPolicy.upTo(100))
                                .retry(SOON.maxAttempts(3))
                                .onFailure(FailurePolicy.skip())));

        assertThat(goods).hasValue(9_900);
        assertThat(listener.skips).hasSize(100);
        assertThat(listener.retries).hasSize(200);
    }

    private Pipeline writing(Sink<String> to, StageOptions options) {
        return Pipeline.named("pipe").from(source).to(to, options);
    }
}
