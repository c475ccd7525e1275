package dev.millrace.testkit;

import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What takes time, takes as much of the driver's, to the millisecond. */
class ManualTimeTest {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final RetryPolicy DOUBLING =
            RetryPolicy.exponential(MINUTE, Duration.ofMinutes(3)).jitter(0);

    private final PipelineTestDriver driver = PipelineTestDriver.create();
    private final Instant start = driver.now();
    private final TestSource<Integer> source = new TestSource<>();
    private final List<Object> written = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();
    /** When something was tried, since the start. */
    private final List<Duration> tried = new ArrayList<>();

    @AfterEach
    void close() {
        driver.close();
    }

    private Duration elapsed() {
        return Duration.between(start, driver.now());
    }

    /** What is there comes when so much time has passed, and not a millisecond before. */
    private void assertWrittenAfter(Duration time, Object... values) {
        List<Object> before = List.copyOf(written);
        driver.advance(time.minus(MILLISECOND));
        assertThat(written).isEqualTo(before);
        driver.advance(MILLISECOND);
        assertThat(written).containsExactly(values);
    }

    /** Refuses so many times, or for ever. */
    private Sink<Integer> failing(int times, Exception failure) {
        return Sinks.ofBatches(batch -> {
            tried.add(elapsed());
            if (tried.size() <= times) {
                throw failure;
            }
            written.addAll(batch);
        });
    }

    @Test
    void shouldPaceAThrottle() {
        driver.start(Pipeline.named("p")
                .from(source)
                .throttle(Throttle.perSecond(0.1))
                .to(Sinks.into(written)));
        source.add(1, 2, 3);
        driver.run();

        assertThat(written).containsExactly(1);
        assertWrittenAfter(SECOND.multipliedBy(10), 1, 2);
        assertWrittenAfter(SECOND.multipliedBy(10), 1, 2, 3);
    }

    @Test
    void shouldHandAListOnAtItsAge() {
        driver.start(Pipeline.named("p").from(source).batch(3, MINUTE).to(Sinks.into(written)));
        source.add(1);
        driver.advance(SECOND.multipliedBy(20));
        source.add(2);

        assertWrittenAfter(SECOND.multipliedBy(40), List.of(1, 2));

        source.add(3, 4, 5, 6);
        driver.run();
        assertThat(written).containsExactly(List.of(1, 2), List.of(3, 4, 5));
        assertWrittenAfter(MINUTE, List.of(1, 2), List.of(3, 4, 5), List.of(6));
    }

    @Test
    void shouldWriteABatchAtItsAge() {
        driver.start(
                Pipeline.named("p").from(source).to(Sinks.into(written), with().batch(BatchPolicy.of(100, MINUTE))));
        source.add(1, 2);
        driver.run();

        assertThat(written).isEmpty();
        assertWrittenAfter(MINUTE, 1, 2);
    }

    @Test
    void shouldTryAgainAfterTheBackOff() {
        driver.start(Pipeline.named("p")
                .from(source)
                .to(failing(4, new IllegalStateException("refused")), with().retry(DOUBLING)));
        source.add(1);
        driver.run();

        assertThat(tried).containsExactly(Duration.ZERO);
        assertWrittenAfter(MINUTE.multipliedBy(1 + 2 + 3 + 3), 1);
        assertThat(tried)
                .containsExactly(
                        Duration.ZERO, MINUTE, MINUTE.multipliedBy(3), MINUTE.multipliedBy(6), MINUTE.multipliedBy(9));
        assertThat(source.committed()).as("before the next commit").isZero();
        driver.advance(SECOND);
        assertThat(source.committed()).isEqualTo(1);
    }

    @Test
    void shouldWaitForAnOutageToEnd() {
        RunningPipeline running = driver.start(Pipeline.named("p")
                .from(source)
                .to(failing(22, new UnavailableException("away")), with().retry(DOUBLING.maxAttempts(1))));
        source.add(1);
        driver.advance(Duration.ofHours(1));

        assertThat(written).isEmpty();
        assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.DEGRADED);
        assertThat(running.explain()).contains("unavailable for 3600000 ms");
        driver.advance(MINUTE.multipliedBy(6));
        assertThat(written).containsExactly(1);
        assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.UP);
    }

    @Test
    void shouldTryAgainWhenTheOtherSideAsksFor() {
        driver.start(Pipeline.named("p")
                .from(source)
                .to(failing(1, new UnavailableException("away", null, Duration.ofHours(1))), with().retry(DOUBLING)));
        source.add(1);

        assertWrittenAfter(Duration.ofHours(1), 1);
    }

    @Test
    void shouldAskAgainAfterTheTimeout() {
        List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();
        driver.start(Pipeline.named("p")
                .from(source)
                .enrich(
                        Enrichers.<Integer, String>async(key -> {
                            tried.add(elapsed());
                            asked.add(new CompletableFuture<>());
                            return asked.get(asked.size() - 1);
                        }),
                        n -> n,
                        (n, name) -> name.orElseThrow(),
                        with().timeout(SECOND.multipliedBy(5)).retry(RetryPolicy.fixed(MINUTE)))
                .to(Sinks.into(written)));
        source.add(1);
        driver.run();
        driver.advance(SECOND.multipliedBy(65).minus(MILLISECOND));
        assertThat(tried).containsExactly(Duration.ZERO);
        driver.advance(MILLISECOND);
        assertThat(tried).containsExactly(Duration.ZERO, SECOND.multipliedBy(65));

        asked.get(0).complete(Optional.of("late"));
        asked.get(1).complete(Optional.of("one"));
        driver.run();
        assertThat(written).containsExactly("one");
    }

    @Test
    void shouldTakeAnAnswerWhenItComes() {
        driver.start(Pipeline.named("p")
                .from(source)
                .enrich(
                        Enrichers.<Integer, String>async(
                                key -> driver.after(SECOND.multipliedBy(5 - key), () -> Optional.of("n" + key))),
                        n -> n,
                        (n, name) -> name.orElseThrow(),
                        with().timeout(SECOND.multipliedBy(5)))
                .to(Sinks.into(written)));
        source.add(1, 3);

        assertWrittenAfter(SECOND.multipliedBy(4), "n1", "n3");
    }

    @Test
    void shouldGiveUpAtTheDeadline() {
        driver.start(Pipeline.named("p")
                .from(source)
                .to(
                        failing(Integer.MAX_VALUE, new UnavailableException("away")),
                        with().deadline(MINUTE).onFailure(FailurePolicy.deadLetter(Sinks.into(letters)))));
        source.add(1);
        driver.advance(MINUTE.minus(MILLISECOND));
        assertThat(letters).isEmpty();

        driver.advance(MILLISECOND);
        assertThat(letters)
                .singleElement()
                .satisfies(letter -> assertThat(letter.cause()).isInstanceOf(TimeoutException.class));
    }

    @Test
    void shouldTellOfAnAggregateAtItsInterval() {
        driver.start(Pipeline.named("p")
                .from(source)
                .keyBy(n -> n % 2 == 0 ? "even" : "odd")
                .aggregate(
                        Aggregators.counting(),
                        (key, count) -> key + " " + count,
                        Aggregation.keptIn(StateStore.none()).every(MINUTE))
                .to(Sinks.into(written)));
        source.add(1, 2, 3);
        driver.run();

        assertThat(written).isEmpty();
        driver.advance(MINUTE.minus(MILLISECOND));
        assertThat(written).isEmpty();
        driver.advance(MILLISECOND);
        assertThat(written).containsExactlyInAnyOrder("odd 2", "even 1");

        source.add(5);
        written.clear();
        assertWrittenAfter(MINUTE, "odd 3");
    }

    @Test
    void shouldAskAtEachInterval() {
        driver.start(Pipeline.named("p")
                .from(Sources.every(Duration.ofMillis(1_234), this::elapsed))
                .to(Sinks.into(written)));
        driver.run();

        assertThat(written).containsExactly(Duration.ZERO);
        assertWrittenAfter(Duration.ofMillis(1_234), Duration.ZERO, Duration.ofMillis(1_234));
        assertWrittenAfter(Duration.ofMillis(1_234), Duration.ZERO, Duration.ofMillis(1_234), Duration.ofMillis(2_468));
    }

    @Test
    void shouldPollWhenASourceWantsTo() {
        Source<Duration> looking = context -> timeout -> {
            tried.add(elapsed());
            context.idle(Duration.ofMillis(30));
            return List.of();
        };
        driver.start(Pipeline.named("p").from(looking).to(Sinks.discard()));
        driver.advance(Duration.ofMillis(95));

        assertThat(new TreeSet<>(tried))
                .containsExactly(Duration.ZERO, Duration.ofMillis(30), Duration.ofMillis(60), Duration.ofMillis(90));
    }

    @Test
    void shouldPollTenTimesASecondWhereASourceSaysNothing() {
        Source<Duration> silent = context -> timeout -> {
            tried.add(elapsed());
            assertThat(timeout).isZero();
            return List.of();
        };
        driver.start(Pipeline.named("p").from(silent).to(Sinks.discard()));
        driver.advance(Duration.ofMillis(299));

        assertThat(new TreeSet<>(tried)).containsExactly(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void shouldPollAgainAfterAnOutageOfTheSource() {
        driver.start(Pipeline.named("p").from(source).to(Sinks.into(written)));
        source.fail(new UnavailableException("away", null, MINUTE)).add(1);

        assertWrittenAfter(MINUTE, 1);
    }

    @Test
    void shouldBeginAnewAfterTheBackOff() {
        RunningPipeline running = driver.start(
                Pipeline.named("p").from(source).to(Sinks.into(written)),
                PipelineRunner.create().restart(DOUBLING));
        source.fail(new IOException("broken"))
                .fail(new IOException("broken again"))
                .add(1);

        assertWrittenAfter(MINUTE.multipliedBy(3), 1);
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
    }

    @Test
    void shouldCommitAtTheInterval() {
        driver.start(
                Pipeline.named("p").from(source).to(Sinks.into(written)),
                PipelineRunner.create().commitInterval(MINUTE));
        source.add(1);
        driver.advance(MINUTE.minus(MILLISECOND));
        assertThat(written).containsExactly(1);
        assertThat(source.committed()).isZero();

        driver.advance(MILLISECOND);
        assertThat(source.committed()).isEqualTo(1);
    }

    @Test
    void shouldCallARecordStuckThatHoldsTheFrontierTooLong() {
        RunningPipeline running = driver.start(
                Pipeline.named("p").from(source).to(context -> batch -> new CompletableFuture<>()),
                PipelineRunner.create().stuckAfter(MINUTE));
        source.add(1);
        driver.advance(MINUTE.minus(MILLISECOND));
        assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.UP);

        driver.advance(MILLISECOND);
        assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.DEGRADED);
    }

    @Test
    void shouldBreakOffADrainThatTakesTooLong() {
        RunningPipeline running = driver.start(
                Pipeline.named("p").from(source).to(context -> batch -> new CompletableFuture<>()),
                PipelineRunner.create().drainTimeout(MINUTE));
        source.add(1);
        driver.run();
        running.drain();
        driver.advance(MINUTE.minus(MILLISECOND));
        assertThat(running.state()).isEqualTo(PipelineState.DRAINING);

        driver.advance(MILLISECOND);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    @Test
    void shouldStampWritesWithItsTime() {
        List<PipelineRecord<Integer>> records = new ArrayList<>();
        Sink<Integer> noting = context -> batch -> {
            records.addAll(batch);
            return WriteResult.alreadyWritten();
        };
        driver.start(Pipeline.named("p").from(source).to(noting));
        driver.advance(MINUTE);
        source.add(1);
        driver.run();

        assertThat(records)
                .singleElement()
                .extracting(PipelineRecord::writeTimestamp)
                .isEqualTo(start.plus(MINUTE).toEpochMilli() * 1_000);
    }
}
