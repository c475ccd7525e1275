package dev.millrace.testkit;

import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How pipelines run in a test's thread. */
class PipelineTestDriverTest {

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final PipelineTestDriver driver = PipelineTestDriver.startingAt(START);
    private final TestSource<Integer> source = new TestSource<>();
    private final List<Integer> written = new ArrayList<>();

    private Pipeline doubling() {
        return Pipeline.named("p").from(source).map(n -> 2 * n).to(Sinks.into(written));
    }

    private Pipeline failing() {
        return Pipeline.named("p").from(source).map(n -> 1 / n).to(Sinks.into(written));
    }

    @Test
    void shouldRunWhatThereIsToDoAndNoMore() {
        RunningPipeline running = driver.start(doubling());
        source.add(1, 2);
        assertThat(written).isEmpty();

        driver.run();
        assertThat(written).containsExactly(2, 4);
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);

        source.add(3).end();
        driver.run();
        assertThat(written).containsExactly(2, 4, 6);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.committed()).isEqualTo(3);
        assertThat(driver.now()).isEqualTo(START);
    }

    @Test
    void shouldRunInTheThreadOfTheTest() {
        Set<Thread> threads = new HashSet<>();
        driver.start(
                Pipeline.named("p")
                        .from(Sources.every(Duration.ofSeconds(1), 3, () -> threads.add(Thread.currentThread())))
                        .peek(record -> threads.add(Thread.currentThread()))
                        .enrich(
                                Enrichers.blocking(key -> Optional.of(threads.add(Thread.currentThread()))),
                                value -> value,
                                (value, answer) -> 1)
                        .to(Sinks.forEach(value -> {
                            threads.add(Thread.currentThread());
                            written.add(value);
                        })),
                PipelineRunner.create().workers(3));
        driver.advance(Duration.ofSeconds(2));

        assertThat(written).containsExactly(1, 1, 1);
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void shouldShowItsTime() {
        Clock clock = driver.clock();
        driver.advance(Duration.ofMinutes(1));

        assertThat(driver.now()).isEqualTo(START.plusSeconds(60));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(60));
        assertThatThrownBy(() -> driver.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("time must not be negative, got PT-0.000000001S");
    }

    @Test
    void shouldLetThingsHappenInTheOrderOfTheirTimes() {
        List<String> told = new ArrayList<>();
        for (int seconds : List.of(3, 1, 2)) {
            driver.after(Duration.ofSeconds(seconds), () -> told.add(seconds + " at " + driver.now()));
        }
        driver.start(Pipeline.named("p")
                .from(Sources.every(Duration.ofMillis(1_500), driver::now))
                .to(Sinks.forEach(now -> told.add("polled at " + now))));
        driver.advance(Duration.ofSeconds(3));

        assertThat(told)
                .containsExactly(
                        "polled at 2026-03-01T08:00:00Z",
                        "1 at 2026-03-01T08:00:01Z",
                        "polled at 2026-03-01T08:00:01.500Z",
                        "2 at 2026-03-01T08:00:02Z",
                        "3 at 2026-03-01T08:00:03Z",
                        "polled at 2026-03-01T08:00:03Z");
    }

    @Test
    void shouldThrowTheFailureOfAPipelineOnce() {
        RunningPipeline running = driver.start(failing());
        source.add(1, 0);

        assertThatThrownBy(driver::run)
                .isInstanceOf(PipelineFailedException.class)
                .hasRootCauseInstanceOf(ArithmeticException.class);
        assertThat(running.state()).isEqualTo(PipelineState.FAILED);
        assertThat(written).containsExactly(1);
        assertThat(source.committed()).isEqualTo(1);
        driver.run();
        driver.close();
    }

    @Test
    void shouldGoOnWhereAFormerStartHasCommitted() {
        driver.start(failing());
        source.add(1, 0);
        assertThatThrownBy(driver::run).isInstanceOf(PipelineFailedException.class);

        driver.start(doubling());
        source.add(2);
        driver.run();

        assertThat(written).containsExactly(1, 0, 4);
    }

    @Test
    void shouldThrowWhatFailsAsItCloses() {
        driver.start(failing());
        source.add(0);
        driver.start(Pipeline.named("other").from(Sources.of(0)).to(Sinks.into(written)));
        driver.after(Duration.ZERO, () -> source.add(7));

        assertThatThrownBy(driver::run).isInstanceOf(PipelineFailedException.class);
        driver.start(Pipeline.named("late")
                .from(source)
                .batch(10, Duration.ofHours(1))
                .to(Sinks.forEach(list -> {
                    throw new IllegalStateException("refused");
                })));
        driver.run();
        assertThatThrownBy(driver::close)
                .isInstanceOf(PipelineFailedException.class)
                .hasMessageContaining("pipeline 'late' failed");
    }

    @Test
    void shouldDrainAsItCloses() {
        RunningPipeline running = driver.start(Pipeline.named("p")
                .from(source)
                .batch(10, Duration.ofHours(1))
                .to(Sinks.forEach(list -> written.addAll(list))));
        source.add(1, 2);
        driver.run();
        assertThat(written).isEmpty();

        driver.close();

        assertThat(written).containsExactly(1, 2);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.committed()).isEqualTo(2);
    }

    @Test
    void shouldNotWaitForeverAsItCloses() {
        RunningPipeline running =
                driver.start(Pipeline.named("p").from(source).to(context -> batch -> new CompletableFuture<>()));
        source.add(1);
        driver.run();

        driver.close();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(driver.now()).isEqualTo(START.plusSeconds(30));
        assertThat(source.committed()).isZero();
    }

    @Test
    void shouldLetTimePassWhileTheEndIsWaitedFor() throws Exception {
        RunningPipeline running = driver.start(Pipeline.named("p")
                .from(Sources.every(Duration.ofHours(1), 3, () -> 5))
                .to(Sinks.into(written)));

        assertThat(running.awaitTermination(Duration.ofMinutes(90))).isFalse();
        assertThat(written).containsExactly(5, 5);
        assertThat(driver.now()).isEqualTo(START.plusSeconds(5_400));
        running.awaitTermination();
        assertThat(written).containsExactly(5, 5, 5);
        assertThat(driver.now()).isEqualTo(START.plusSeconds(7_200));
    }

    @Test
    void shouldRefuseToWaitForAnEndThatNothingBrings() {
        RunningPipeline running = driver.start(doubling());

        assertThatThrownBy(running::awaitTermination)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a day has been waited");
    }

    @Test
    void shouldEndWhereItIsAskedToFinish() {
        RunningPipeline running = driver.start(doubling());
        source.add(1);
        running.finish();
        driver.run();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(written).containsExactly(2);
        assertThat(driver.now()).isEqualTo(START);
    }

    @Test
    void shouldEndAtALimit() {
        RunningPipeline running = driver.start(Pipeline.named("p")
                .from(Sources.generate(new AtomicInteger()::incrementAndGet))
                .limit(3)
                .to(Sinks.into(written)));
        driver.run();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(written).containsExactly(1, 2, 3);
    }

    @Test
    void shouldStopWhereTheConditionHoldsThoughTheSourceHasNoEnd() {
        RunningPipeline running = driver.start(Pipeline.named("p")
                .from(Sources.generate(new AtomicInteger()::incrementAndGet))
                .to(Sinks.into(written)));
        driver.runUntil(() -> written.size() > 100_000);
        running.abandon();
        driver.run();

        assertThat(written).isSorted().startsWith(1, 2, 3);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    @Test
    void shouldWaitForTheAnswersOfOtherThreads() {
        driver.start(Pipeline.named("p")
                .from(source)
                .enrich(
                        Enrichers.<Integer, Integer>async(
                                key -> CompletableFuture.supplyAsync(() -> Optional.of(10 * key))),
                        n -> n,
                        (n, answer) -> answer.orElseThrow(),
                        with().timeout(Duration.ofSeconds(1)))
                .to(Sinks.into(written)));
        source.add(1, 2, 3);
        driver.runUntil(() -> written.size() == 3);

        assertThat(written).containsExactly(10, 20, 30);
        assertThat(driver.now()).isEqualTo(START);
    }

    @Test
    void shouldThrowTheFailureInsteadOfWaiting() {
        driver.start(failing());
        source.add(0);

        assertThatThrownBy(() -> driver.runUntil(() -> written.size() == 1))
                .isInstanceOf(PipelineFailedException.class);
    }

    @Test
    void shouldTellAtOnceHowItIs() {
        RunningPipeline running = driver.start(
                Pipeline.named("p").from(source).to(context -> batch -> {
                    throw new UnavailableException("away");
                }),
                PipelineRunner.create().workers(2));
        source.add(1);
        assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.UP);
        driver.advance(Duration.ofSeconds(10));

        assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.DEGRADED);
        assertThat(running.explain()).contains("held back by offset 0 in stage 'to' for 10000 ms");
    }

    @Test
    void shouldPauseAndGoOn() {
        RunningPipeline running = driver.start(doubling());
        running.pause();
        source.add(1);
        driver.advance(Duration.ofHours(1));
        assertThat(written).isEmpty();

        running.resume();
        driver.run();
        assertThat(written).containsExactly(2);
    }

    @Test
    void shouldRefuseToBeCalledFromWithin() {
        List<Throwable> refusals = new ArrayList<>();
        driver.start(Pipeline.named("p")
                .from(source)
                .peek(record -> {
                    driver.run();
                })
                .to(
                        Sinks.into(written),
                        with().onFailure(FailurePolicy.deadLetter(
                                Sinks.forEach(letter -> refusals.add(letter.cause()))))));
        source.add(1);
        driver.run();

        assertThat(refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("must not be called from within what it runs"));
    }

    @Test
    void shouldEndAPipelineFromWithinAFunction() {
        List<RunningPipeline> running = new ArrayList<>();
        running.add(driver.start(Pipeline.named("p")
                .from(source)
                .peek(record -> running.get(0).close())
                .to(Sinks.into(written))));
        source.add(1);
        driver.run();

        assertThat(running.get(0).state()).isEqualTo(PipelineState.STOPPED);
        assertThat(written).containsExactly(1);
    }

    @Test
    void shouldRunPipelinesSideBySide() {
        TestSource<Integer> between = new TestSource<>();
        // The second one's source is looked at before the first one's sink gives it anything.
        driver.start(Pipeline.named("second").from(between).map(n -> n + 1).to(Sinks.into(written)));
        driver.start(Pipeline.named("first").from(source).to(Sinks.forEach(between::add)));
        source.add(1, 2);
        driver.run();
        assertThat(written).containsExactly(2, 3);

        driver.after(Duration.ofMinutes(1), () -> source.add(5));
        driver.advance(Duration.ofMinutes(1));
        assertThat(written).containsExactly(2, 3, 6);
    }

    @Test
    void shouldReadRecordsWithAllThatTheyHave() {
        List<PipelineRecord<Integer>> records = new ArrayList<>();
        source.addRecord(PipelineRecord.of(1, "a", 5).withKey("k").withTimestamp(START.toEpochMilli()))
                .addRecord(PipelineRecord.of(2, source.next("a")))
                .addRecord(PipelineRecord.of(3, source.next("b")));
        driver.start(Pipeline.named("p").from(source).peek(records::add).to(Sinks.into(written)));
        driver.advance(Duration.ofSeconds(1));

        assertThat(records)
                .extracting(PipelineRecord::position)
                .containsExactlyInAnyOrder(
                        SourcePosition.of("a", 5), SourcePosition.of("a", 6), SourcePosition.of("b", 0));
        assertThat(records.get(0).key()).isEqualTo("k");
        assertThat(records.get(0).timestamp()).contains(START);
        assertThat(source.committed("a")).isEqualTo(7);
        assertThat(source.committed("b")).isEqualTo(1);
        assertThatThrownBy(() -> source.addRecord(PipelineRecord.of(4, "a", 6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("offset of partition 'a' must be at least 7, got 6");
    }

    @Test
    void shouldTakeTheSameCourseEachTime() {
        assertThat(course()).isEqualTo(course());
    }

    /** Of a pipeline with chance in it, and several workers. */
    private static List<String> course() {
        List<String> course = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        TestSource<Integer> numbers = new TestSource<>();
        try (PipelineTestDriver driver = PipelineTestDriver.create()) {
            for (int i = 0; i < 200; i++) {
                numbers.addRecord(PipelineRecord.of(i, numbers.next("p" + i % 5)));
            }
            driver.start(
                    Pipeline.named("p")
                            .from(numbers)
                            .enrich(
                                    Enrichers.<Integer, Integer>async(key -> {
                                        if (calls.incrementAndGet() % 3 == 0) {
                                            throw new UnavailableException("away");
                                        }
                                        return driver.after(Duration.ofMillis(key % 7), () -> Optional.of(key));
                                    }),
                                    n -> n,
                                    (n, answer) -> n)
                            .keyBy(n -> n % 3)
                            .aggregate(
                                    Aggregators.counting(),
                                    (key, count) -> key + ": " + count,
                                    Aggregation.keptIn(StateStore.none()).every(Duration.ofMillis(50)))
                            .to(Sinks.forEach(told -> course.add(driver.now() + " " + told))),
                    PipelineRunner.create().workers(3));
            driver.advance(Duration.ofMinutes(1));
        }
        assertThat(course).hasSizeGreaterThan(6);
        return course;
    }
}
