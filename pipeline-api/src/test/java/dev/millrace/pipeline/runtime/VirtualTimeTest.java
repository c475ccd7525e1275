package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.RecordingListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What takes long, on one thread and in no time. */
class VirtualTimeTest {

    private final SimScheduler scheduler = new SimScheduler(new SplittableRandom(1), () -> false);
    private final SimEnvironment environment = new SimEnvironment(scheduler, false);
    private final RecordingListener listener = new RecordingListener();
    private final RunnerOptions options = new RunnerOptions();

    VirtualTimeTest() {
        options.workers = 1;
        options.listeners = List.of(listener);
    }

    private Source<Integer> sourceThatLives(Duration time) {
        return context -> {
            long end = scheduler.now() + time.toNanos();
            return timeout -> {
                if (scheduler.now() >= end) {
                    throw new IOException("connection reset");
                }
                environment.await(() -> false, timeout.toNanos());
                return List.of();
            };
        };
    }

    private Engine start(Source<Integer> source) {
        return Engine.start(Pipeline.named("lives").from(source).to(Sinks.discard()), options, environment);
    }

    private void runFor(Duration time) {
        scheduler.runUntil(() -> false, scheduler.now() + time.toNanos());
    }

    @Test
    void shouldCountFailuresAnewAfterALifeThatLastedLongEnough() {
        options.restart = RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(2);

        Engine engine = start(sourceThatLives(Duration.ofSeconds(11)));
        runFor(Duration.ofMinutes(2));

        assertThat(engine.state()).isEqualTo(PipelineState.RUNNING);
        assertThat(listener.restarts)
                .hasSizeGreaterThanOrEqualTo(9)
                .extracting(RecordingListener.Restart::failures)
                .containsOnly(1);
    }

    @Test
    void shouldEndInFailureAfterLivesThatAllEndSoon() {
        options.restart = RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(5))
                .jitter(0)
                .maxAttempts(5);

        Engine engine = start(sourceThatLives(Duration.ofSeconds(3)));
        runFor(Duration.ofMinutes(2));

        assertThat(engine.state()).isEqualTo(PipelineState.FAILED);
        assertThat(engine.failure().orElseThrow()).hasRootCauseMessage("connection reset");
        assertThat(listener.restarts)
                .extracting(restart -> restart.delay().toSeconds())
                .containsExactly(1L, 2L, 4L, 5L);
        assertThat(environment.isAtRest()).isTrue();
    }

    /** Of a row that is written by two lives, or by two workers, the newest must stay. */
    @Test
    void shouldGiveAscendingWriteTimestampsThoughTheWallClockIsSetBackAndLivesEnd() {
        options.restart = RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(100);
        options.workers = 3;
        List<Long> timestamps = new ArrayList<>();
        Source<Integer> source = context -> {
            long end = scheduler.now() + TimeUnit.SECONDS.toNanos(11);
            int[] next = {0};
            return timeout -> {
                if (scheduler.now() >= end) {
                    environment.setBack(Duration.ofHours(1));
                    throw new IOException("connection reset");
                }
                environment.await(() -> false, timeout.toNanos());
                int offset = next[0]++;
                return List.of(PipelineRecord.of(offset, "p" + offset % 3, offset));
            };
        };
        Sink<Integer> noting = context -> batch -> {
            batch.forEach(record -> timestamps.add(record.writeTimestamp()));
            return WriteResult.alreadyWritten();
        };
        Engine.start(Pipeline.named("clocks").from(source).to(noting), options, environment);

        runFor(Duration.ofMinutes(1));

        assertThat(listener.restarts).hasSizeGreaterThan(3);
        assertThat(timestamps).hasSizeGreaterThan(100).isSorted();
    }

    @Test
    void shouldGiveUpTheOldestOfABatchOnlyWhenItsDeadlineComesFirst() {
        List<DeadLetter> letters = new ArrayList<>();
        List<List<Integer>> calls = new ArrayList<>();
        // One value every 200 ms: the first waits for the second, and the write of both ends between their deadlines.
        SteadySource source = new SteadySource(scheduler, 10, 5);
        StageOptions stage = StageOptions.with()
                .batch(BatchPolicy.of(2, Duration.ofMinutes(1)))
                .deadline(Duration.ofMillis(450))
                .onFailure(FailurePolicy.deadLetter(Sinks.into(letters)));
        Engine engine = Engine.start(
                Pipeline.named("deadlines")
                        .from(source)
                        .to(
                                context -> batch -> {
                                    calls.add(batch.stream()
                                            .map(record -> record.value())
                                            .toList());
                                    CompletableFuture<WriteResult> result = new CompletableFuture<>();
                                    long latency = TimeUnit.MILLISECONDS.toNanos(350);
                                    scheduler.after(latency, () -> result.complete(WriteResult.written()));
                                    return result;
                                },
                                stage),
                options,
                environment);

        runFor(Duration.ofMillis(900));

        assertThat(calls).first().isEqualTo(List.of(0, 1));
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.original().offset()).isZero();
            assertThat(letter.cause()).isInstanceOf(DeadlineExceededException.class);
        });
        assertThat(engine.stats().stage("to").out()).isEqualTo(1);
    }

    @Test
    void shouldHandAListOnWhenItsFirstValueIsOldEnough() {
        List<List<Integer>> lists = new ArrayList<>();
        List<Long> millis = new ArrayList<>();
        // Of each of two partitions one value every 400 ms, in lists of four or of what has come in 500 ms.
        SteadySource source = new SteadySource(scheduler, 10, 5);
        Engine.start(
                Pipeline.named("ages")
                        .from(source)
                        .peek(value -> millis.add(TimeUnit.NANOSECONDS.toMillis(scheduler.now())))
                        .batch(4, Duration.ofMillis(500))
                        .peek(list -> millis.add(TimeUnit.NANOSECONDS.toMillis(scheduler.now())))
                        .to(Sinks.into(lists)),
                options,
                environment);

        runFor(Duration.ofSeconds(2));

        assertThat(lists).startsWith(List.of(0, 2), List.of(1, 3), List.of(4, 6), List.of(5, 7));
        assertThat(millis.get(3) - millis.get(0))
                .as("from the first value to the first list")
                .isBetween(500L, 510L);
    }
}
