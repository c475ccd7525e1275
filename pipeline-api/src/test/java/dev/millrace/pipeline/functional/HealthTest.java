package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineHealth.Status;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a health check learns: up, degraded with the reason, down with the cause; and no payload. */
@Timeout(120)
class HealthTest {

    private static final RetryPolicy AT_ONCE = RetryPolicy.fixed(Duration.ofMillis(1));

    private static final String BLOCKED =
            "a worker does not answer: a function of a stage blocks it at p(-\\d+)?@0 for \\d+ ms";

    private final ManualSource<String> source = ManualSource.pausable();
    private final ManualSink<String> sink = ManualSink.create();

    @Test
    void shouldBeUpWhileItRunsAndDownOnceItHasStopped() {
        RunningPipeline running = start(Runs.runner());
        source.feed("p", 0, "secret");
        ManualSink.Call<String> call = sink.call(0);
        Runs.awaitUp(running);

        running.drain();
        assertDegraded(running, "it is about to end");
        call.succeed();
        Runs.awaitEnd(running);

        assertThat(running.health()).hasToString("PipelineHealth[status=DOWN, reasons=[it has stopped]]");
    }

    @Test
    void shouldBeDownWithTheCauseOnceItHasFailed() {
        source.feed("p", 7, "secret");
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe")
                        .from(source)
                        .map(value -> {
                            throw new IllegalStateException(value);
                        })
                        .to(Sinks.discard()));
        Runs.awaitState(running, PipelineState.FAILED);

        PipelineHealth health = running.health();
        assertThat(health.status()).isEqualTo(Status.DOWN);
        assertThat(health.reasons())
                .containsExactly("pipeline 'pipe' failed in stage 'map' at p@7: java.lang.IllegalStateException");
    }

    @Test
    void shouldBeDegradedForAsLongAsTheSourceHasTroubles() {
        AtomicReference<List<String>> troubles = new AtomicReference<>(List.of());
        Source<String> troubled = context -> new SourceReader<>() {
            @Override
            public List<PipelineRecord<String>> poll(Duration timeout) {
                return List.of();
            }

            @Override
            public List<String> troubles() {
                return troubles.get();
            }
        };
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(troubled).to(Sinks.discard()))) {
            Runs.awaitUp(running);

            troubles.set(List.of("a part is gone"));
            assertDegraded(running, "stage 'from': a part is gone");
            assertThat(running.explain()).contains("stage 'from': a part is gone");

            troubles.set(List.of());
            Runs.awaitUp(running);
        }
    }

    @Test
    void shouldBeDegradedWhilePaused() {
        RunningPipeline running = start(Runs.runner());

        running.pause();
        assertDegraded(running, "it is paused");
        running.resume();
        Runs.awaitUp(running);
        running.close();
    }

    @Test
    void shouldBeDegradedWhileASinkIsUnavailable() {
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe")
                        .from(source)
                        .to(sink, StageOptions.with().name("table").retry(AT_ONCE)));
        source.feed("p", 0, "secret");

        sink.call(0).fail(new UnavailableException("secret"));
        ManualSink.Call<String> again = sink.call(1);
        assertDegraded(running, "stage 'table' is unavailable for \\d+ ms");
        Pattern heldBack =
                Pattern.compile("p: .*held back by offset 0 in stage 'table' for \\d+ ms, unavailable for \\d+ ms\n");
        Runs.awaitExplained(running, text -> heldBack.matcher(text).find());
        again.succeed();

        Runs.awaitUp(running);
        running.close();
    }

    @Test
    void shouldTellSinceWhenASinkIsAwayThatSaysSoOfEachRecord() {
        RunningPipeline running = start(Runs.runner());
        source.feed("p", 0, "secret");
        Map<Integer, Throwable> away = Map.of(0, new UnavailableException("secret"));
        sink.call(0).failPartly(away);
        ManualSink.Call<String> second = sink.call(1);
        long since = System.nanoTime();
        Await.still("it is away", () -> running.health().status() == Status.DEGRADED);
        Duration atLeast = Duration.ofNanos(System.nanoTime() - since);
        second.failPartly(away);
        ManualSink.Call<String> third = sink.call(2);

        String reason = assertDegraded(running, "stage 'to' is unavailable for \\d+ ms");
        assertThat(Long.parseLong(reason.replaceAll("\\D", ""))).isGreaterThanOrEqualTo(atLeast.toMillis());
        third.succeed();
        running.close();
    }

    /** The sink is away in the cycle in which the value comes, and so before the value can miss its deadline. */
    @Test
    void shouldBeUpAfterAnOutageWhenNothingIsLeftThatWaitsForTheSink() {
        RecordingListener listener = new RecordingListener();
        Sink<String> away = context -> batch -> {
            throw new UnavailableException("secret");
        };
        RunningPipeline running = Runs.runner()
                .listener(listener)
                .start(Pipeline.named("pipe")
                        .from(source)
                        .to(
                                away,
                                StageOptions.with()
                                        .retry(RetryPolicy.fixed(Duration.ofHours(1)))
                                        .deadline(Duration.ofMillis(20))
                                        .onFailure(FailurePolicy.skip())));
        source.feed("p", 0, "secret");
        Await.until("it is given up", () -> running.stats().skipped() == 1);
        assertThat(listener.outages).hasSize(1);

        Runs.awaitUp(running);
        running.close();
    }

    @Test
    void shouldBeDegradedWhileTheSourceIsUnavailable() {
        AtomicBoolean isAway = new AtomicBoolean(true);
        Source<String> awayAtFirst = context -> timeout -> {
            if (isAway.get()) {
                throw new UnavailableException("secret");
            }
            return List.of();
        };
        RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(awayAtFirst).to(Sinks.discard()));

        assertDegraded(running, "stage 'from' is unavailable for \\d+ ms");
        isAway.set(false);
        Runs.awaitUp(running);
        running.close();
    }

    @Test
    void shouldBeDegradedWhileARecordHoldsItsPartitionBackForTooLong() {
        RunningPipeline running = start(Runs.runner().stuckAfter(Duration.ofMillis(20)));
        source.feed("p", 3, "secret");
        ManualSink.Call<String> stuck = sink.call(0);

        assertDegraded(running, "partition p is held back by offset 3 in stage 'to' for \\d+ ms");
        stuck.succeed();
        Runs.awaitUp(running);
        running.close();
    }

    @Test
    void shouldBeUpWhileAThrottleHoldsRecords() {
        RunningPipeline running = Runs.runner()
                .stuckAfter(Duration.ofMillis(1))
                .start(Pipeline.named("pipe")
                        .from(source)
                        .throttle(Throttle.randomPause(Duration.ofMinutes(5), Duration.ofMinutes(5)))
                        .to(Sinks.discard()));
        source.feed("p", 0, "a").feed("p", 1, "b");
        Await.until("the first has passed", () -> source.committed("p") == 1);
        Runs.awaitExplained(running, text -> text.contains("held back by offset 1 in stage 'throttle'"));

        Await.still(
                "it is not called stuck",
                () -> running.health().reasons().stream().noneMatch(reason -> reason.startsWith("partition")));
        running.close();
    }

    @Test
    void shouldBeDegradedWhileAFunctionBlocksAWorker() {
        CountDownLatch blocking = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        RunningPipeline running = startBlocking(Runs.runner(), blocking, release);
        source.feed("p", 0, "secret");
        Await.until("the function blocks", () -> blocking.getCount() == 0);

        assertDegraded(running, BLOCKED);
        release.countDown();
        running.close();
    }

    /** A second for all of them, not for each: a health check has no more. So many seconds would be far too long. */
    @Test
    void shouldAnswerSoonHoweverManyWorkersAreBlocked() {
        int workers = 100;
        CountDownLatch blocking = new CountDownLatch(workers);
        CountDownLatch release = new CountDownLatch(1);
        RunningPipeline running = startBlocking(Runs.runner().workers(workers), blocking, release);
        for (int i = 0; i < workers; i++) {
            source.feed("p-" + i, 0, "secret");
        }
        Await.until("the functions block", () -> blocking.getCount() == 0);

        long since = System.nanoTime();
        PipelineHealth health = running.health();
        Duration taken = Duration.ofNanos(System.nanoTime() - since);

        assertThat(health.reasons())
                .hasSize(workers)
                .doesNotHaveDuplicates()
                .allMatch(reason -> reason.matches(BLOCKED));
        assertThat(taken).isLessThan(Duration.ofMinutes(1));
        release.countDown();
        running.close();
    }

    @Test
    void shouldBeDegradedWhileItWaitsToBeginAnew() {
        RecordingListener listener = new RecordingListener();
        RunningPipeline running = start(
                Runs.runner().restart(RetryPolicy.fixed(Duration.ofHours(1))).listener(listener));

        source.failPollWith(new IOException("secret"));
        Await.until("it waits", () -> listener.restarts.size() == 1);

        assertDegraded(running, "it begins anew in \\d+ ms after: java.io.IOException");
        running.close();
    }

    @Test
    void shouldRefuseABoundThatIsNotPositive() {
        assertThatThrownBy(() -> PipelineRunner.create().stuckAfter(Duration.ZERO))
                .hasMessage("age must be positive, got PT0S");
    }

    private RunningPipeline start(PipelineRunner runner) {
        return runner.start(Pipeline.named("pipe").from(source).to(sink));
    }

    /** With a function that counts down and then waits to be released. */
    private RunningPipeline startBlocking(PipelineRunner runner, CountDownLatch blocking, CountDownLatch release) {
        return runner.start(Pipeline.named("pipe")
                .from(source)
                .map(value -> {
                    blocking.countDown();
                    release.await();
                    return value;
                })
                .to(Sinks.discard()));
    }

    /** Gives the reason, which must be the only one. */
    private static String assertDegraded(RunningPipeline running, String reason) {
        AtomicReference<String> found = new AtomicReference<>();
        Runs.awaitHealth(running, health -> {
            List<String> reasons = health.reasons();
            found.set(reasons.size() == 1 ? reasons.get(0) : "");
            return health.status() == Status.DEGRADED && found.get().matches(reason);
        });
        return found.get();
    }
}
