package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.RecordingListener;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A system that says for how long it wants to be left alone; in virtual time. */
class RetryAfterTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RetryPolicy EACH_SECOND = RetryPolicy.fixed(SECOND);

    private final SimScheduler scheduler = new SimScheduler(new SplittableRandom(1), () -> false);
    private final SimEnvironment environment = new SimEnvironment(scheduler, false);
    private final RecordingListener listener = new RecordingListener();
    private final RunnerOptions options = new RunnerOptions();

    /** When the system was called. */
    private final List<Duration> calls = new ArrayList<>();

    private final List<Integer> written = new ArrayList<>();

    RetryAfterTest() {
        options.workers = 1;
        options.listeners = List.of(listener);
    }

    /** Throws at the first calls, as long as there are times to ask for; one may be {@code null}. */
    private void call(@Nullable Duration... asked) {
        calls.add(Duration.ofNanos(scheduler.now()));
        if (calls.size() <= asked.length) {
            Duration time = asked[calls.size() - 1];
            throw time == null ? new UnavailableException("busy") : new UnavailableException("busy", null, time);
        }
    }

    private Sink<Integer> sinkAsking(@Nullable Duration... asked) {
        return context -> batch -> {
            call(asked);
            batch.forEach(record -> written.add(record.value()));
            return WriteResult.alreadyWritten();
        };
    }

    private Engine run(Source<Integer> source, Sink<Integer> sink, StageOptions stage) {
        return run(Pipeline.named("busy").from(source).to(sink, stage));
    }

    private Engine run(Pipeline pipeline) {
        Engine engine = Engine.start(pipeline, options, environment);
        scheduler.runUntil(
                () -> engine.state().isFinal(),
                scheduler.now() + Duration.ofDays(1).toNanos());
        assertThat(engine.state()).as(engine.explain()).isEqualTo(PipelineState.STOPPED);
        return engine;
    }

    private static StageOptions retrying(RetryPolicy policy) {
        return StageOptions.with().retry(policy);
    }

    /** From each call to the next. */
    private List<Duration> gaps() {
        List<Duration> gaps = new ArrayList<>();
        for (int i = 1; i < calls.size(); i++) {
            gaps.add(calls.get(i).minus(calls.get(i - 1)));
        }
        return gaps;
    }

    /** At least so long, and little more than the engine takes for anything. */
    private static void assertTook(Duration gap, Duration wait) {
        assertThat(gap).isBetween(wait, wait.plusMillis(100));
    }

    @Test
    void shouldNotWriteAgainBeforeTheTimeThatTheSystemAsksFor() {
        run(Sources.of(7), sinkAsking(Duration.ofSeconds(90), null), retrying(EACH_SECOND));

        assertThat(written).containsExactly(7);
        assertThat(gaps()).hasSize(2);
        assertTook(gaps().get(0), Duration.ofSeconds(90));
        assertTook(gaps().get(1), SECOND);
        assertThat(listener.outages)
                .extracting(RecordingListener.Outage::delay)
                .containsExactly(Duration.ofSeconds(90), SECOND);
    }

    @Test
    void shouldStillBackOffWhenTheSystemAsksForLess() {
        run(
                Sources.of(7),
                sinkAsking(Duration.ofMillis(5), Duration.ZERO),
                retrying(RetryPolicy.exponential(SECOND, Duration.ofSeconds(8)).jitter(0)));

        assertThat(gaps()).hasSize(2);
        assertTook(gaps().get(0), SECOND);
        assertTook(gaps().get(1), Duration.ofSeconds(2));
    }

    @Test
    void shouldWaitAnHourAtMost() {
        run(Sources.of(7), sinkAsking(Duration.ofSeconds(Long.MAX_VALUE)), retrying(EACH_SECOND));

        assertThat(gaps()).singleElement().satisfies(gap -> assertTook(gap, Duration.ofHours(1)));
    }

    @Test
    void shouldNotLookUpAgainBeforeThatTimeThoughTheCallComesLateInACycle() {
        Duration slow = Duration.ofSeconds(5);
        Enricher<Integer, String> busy = context -> key -> {
            // As by functions that were called before it in the same cycle.
            environment.await(() -> false, slow.toNanos());
            call(Duration.ofSeconds(90));
            return CompletableFuture.completedFuture(Optional.of("found"));
        };

        run(Pipeline.named("busy")
                .from(Sources.of(7))
                .enrich(busy, key -> key, (key, answer) -> key, retrying(EACH_SECOND))
                .to(Sinks.into(written)));

        assertThat(written).containsExactly(7);
        assertThat(gaps()).singleElement().satisfies(gap -> assertTook(gap, slow.plusSeconds(90)));
    }

    @Test
    void shouldNotPollAgainBeforeThatTime() {
        Source<Integer> busy = context -> timeout -> {
            if (calls.size() < 2) {
                call(Duration.ofSeconds(90));
                return List.of(PipelineRecord.of(7, "p", 0));
            }
            environment.await(() -> false, timeout.toNanos());
            return List.of();
        };
        Engine engine = Engine.start(Pipeline.named("busy").from(busy).to(Sinks.into(written)), options, environment);

        scheduler.runUntil(
                () -> !written.isEmpty(), scheduler.now() + Duration.ofDays(1).toNanos());

        assertThat(engine.state()).isEqualTo(PipelineState.RUNNING);
        assertThat(gaps()).singleElement().satisfies(gap -> assertTook(gap, Duration.ofSeconds(90)));
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void shouldWaitForTheLastOfTheTimesThatTheValuesOfABatchAreTold(Ordering ordering) {
        Map<Integer, Throwable> failures = new LinkedHashMap<>();
        failures.put(0, new UnavailableException("busy", null, Duration.ofSeconds(30)));
        failures.put(1, new UnavailableException("busy", null, Duration.ofSeconds(90)));
        failures.put(2, new UnavailableException("busy"));
        Sink<Integer> sink = context -> batch -> {
            calls.add(Duration.ofNanos(scheduler.now()));
            return CompletableFuture.completedFuture(
                    calls.size() == 1 ? WriteResult.failed(failures) : WriteResult.written());
        };

        run(Sources.of(1, 2, 3), sink, retrying(EACH_SECOND).ordering(ordering));

        assertThat(gaps()).singleElement().satisfies(gap -> assertTook(gap, Duration.ofSeconds(90)));
    }

    @Test
    void shouldGiveUpByTheDeadlineThoughTheSystemAsksForMore() {
        Engine engine = run(
                Sources.of(7),
                sinkAsking(Duration.ofSeconds(90)),
                retrying(EACH_SECOND).deadline(Duration.ofSeconds(10)).onFailure(FailurePolicy.skip()));

        assertThat(engine.stats().skipped()).isEqualTo(1);
        assertThat(calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepNothingOfAValueThatIsGivenUpByItsDeadlineHoweverLongTheSystemAsksFor(boolean isSink) {
        List<WeakReference<Object>> values = new ArrayList<>();
        Source<Object> source = Sources.generate(() -> {
            Object value = new Object();
            values.add(new WeakReference<>(value));
            return value;
        });
        StageOptions stage = retrying(EACH_SECOND)
                .deadline(SECOND)
                .onFailure(FailurePolicy.skip())
                .ordering(Ordering.UNORDERED);
        Enricher<Object, String> busyTable = context -> key -> {
            throw new UnavailableException("busy", null, Duration.ofHours(1));
        };
        Sink<Object> busySink = context -> batch -> {
            throw new UnavailableException("busy", null, Duration.ofHours(1));
        };
        Pipeline pipeline = isSink
                ? Pipeline.named("busy").from(source).to(busySink, stage.batch(BatchPolicy.upTo(1)))
                : Pipeline.named("busy")
                        .from(source)
                        .enrich(busyTable, value -> value, (value, answer) -> value, stage)
                        .to(Sinks.discard());
        options.maxInFlight = 100;
        Engine engine = Engine.start(pipeline, options, environment);
        scheduler.runUntil(
                () -> engine.stats().skipped() > 2_000,
                scheduler.now() + Duration.ofMinutes(50).toNanos());
        assertThat(engine.stats().skipped()).isGreaterThan(2_000);

        System.gc();
        assertThat(values).filteredOn(value -> value.get() != null).hasSizeLessThan(1_000);
        engine.abandon();
        scheduler.runUntil(() -> engine.state().isFinal(), scheduler.now() + SECOND.toNanos());
    }

    @Test
    void shouldAskTheOldestFirstWhereManyComeAgain() {
        List<Integer> asked = new ArrayList<>();
        Enricher<Integer, Integer> limited = context -> key -> {
            asked.add(key);
            if (asked.size() <= 20) {
                throw new UnavailableException("busy", null, Duration.ofSeconds(90));
            }
            return CompletableFuture.completedFuture(Optional.of(key));
        };
        Integer[] numbers = IntStream.range(0, 20).boxed().toArray(Integer[]::new);

        run(Pipeline.named("busy")
                .from(Sources.of(numbers))
                .enrich(limited, key -> key, (key, answer) -> key, retrying(EACH_SECOND))
                .to(Sinks.into(written)));

        assertThat(asked.subList(20, 40)).containsExactly(numbers);
    }

    @Test
    void shouldSpareTheSourceCommitsForAsLongAsItAsks() {
        Source<Integer> source = context -> new SourceReader<>() {
            private int polls;

            @Override
            public List<PipelineRecord<Integer>> poll(Duration timeout) {
                environment.await(() -> false, timeout.toNanos());
                return List.of(PipelineRecord.of(polls, "p", polls++));
            }

            @Override
            public void commit(Map<String, Long> frontier) {
                call(Duration.ofSeconds(90));
            }
        };
        Engine engine = Engine.start(Pipeline.named("busy").from(source).to(Sinks.into(written)), options, environment);
        scheduler.runUntil(
                () -> calls.size() >= 2, scheduler.now() + Duration.ofDays(1).toNanos());

        assertThat(gaps().get(0)).isBetween(Duration.ofSeconds(90), Duration.ofSeconds(93));
        engine.abandon();
        scheduler.runUntil(() -> engine.state().isFinal(), scheduler.now() + SECOND.toNanos());
    }

    @Test
    void shouldRefuseATimeThatIsNegative() {
        assertThatThrownBy(() -> new UnavailableException("busy", null, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("retryAfter must not be negative, got PT-1S");
        assertThat(new UnavailableException("busy").retryAfter()).isEmpty();
    }
}
