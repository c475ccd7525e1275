package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of keys over two partitions, in virtual time: trouble with one key is that key's alone, and the others keep
 * 95 % of their throughput, until the gap behind a record that is stuck for ever reaches its bound.
 */
class KeyIsolationTest {

    private static final int KEYS = 5_000;
    private static final int RECORDS = 60_000;
    private static final int PER_SECOND = 500_000;
    private static final long LATENCY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int TROUBLED_KEY = 77;
    private static final RetryPolicy THREE_TIMES =
            RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3);

    /** Where calls are made. */
    enum Place {
        SINK,
        ENRICH
    }

    /** What goes wrong. */
    enum Trouble {
        NONE,
        STUCK_KEY,
        RETRIED_KEY,
        ONE_RECORD_IN_A_HUNDRED,
        ONE_RECORD_PER_KEY
    }

    private final SimScheduler scheduler = new SimScheduler(new SplittableRandom(1), () -> false);
    private final SimEnvironment environment = new SimEnvironment(scheduler, false);
    private final SteadySource source = new SteadySource(scheduler, KEYS, PER_SECOND);
    private final Map<Integer, Integer> attempts = new HashMap<>();
    private final Map<Integer, Integer> lastOfKey = new HashMap<>();
    private int wellDone;
    private int underWay;
    private int mostUnderWay;
    private int outOfOrder;

    static Stream<Arguments> placesAndTroubles() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(Trouble.values()).map(trouble -> arguments(place, trouble)));
    }

    @ParameterizedTest
    @MethodSource("placesAndTroubles")
    void shouldKeepTheThroughputOfOtherKeys(Place place, Trouble trouble) {
        Engine engine = start(place, trouble, Ordering.PER_KEY, new RunnerOptions());

        scheduler.runUntil(() -> wellDone > 0, scheduler.now() + TimeUnit.SECONDS.toNanos(10));
        long since = scheduler.now();
        boolean isDone = scheduler.runUntil(() -> wellDone >= RECORDS, since + TimeUnit.SECONDS.toNanos(10));

        assertThat(isDone).as(() -> engine.stats().toString()).isTrue();
        double seconds = (scheduler.now() - since) / 1e9;
        assertThat(wellDone / seconds / PER_SECOND)
                .as("share of the rate offered")
                .isGreaterThan(0.95 * goodShare(trouble));
        assertThat(mostUnderWay).isGreaterThan(2_000);
        assertThat(outOfOrder).isZero();
    }

    /** The part of the records that is not in trouble. */
    private static double goodShare(Trouble trouble) {
        return switch (trouble) {
            case NONE -> 1;
            case STUCK_KEY, RETRIED_KEY -> 1 - 1.0 / KEYS;
            case ONE_RECORD_IN_A_HUNDRED -> 0.99;
            case ONE_RECORD_PER_KEY -> 1 - (double) KEYS / RECORDS;
        };
    }

    @Test
    void shouldStopReadingAPartitionAtTheGapBehindAStuckKeyAndNoOther() {
        RunnerOptions options = new RunnerOptions();
        options.maxGap = 10_000;
        Engine engine = start(Place.SINK, Trouble.STUCK_KEY, Ordering.PER_KEY, options);

        scheduler.runUntil(() -> wellDone >= RECORDS, scheduler.now() + TimeUnit.SECONDS.toNanos(10));

        assertThat(wellDone).as(() -> engine.stats().toString()).isGreaterThanOrEqualTo(RECORDS);
        int ofItsPartition = lastOfKey.values().stream()
                .filter(value -> value % 2 == TROUBLED_KEY % 2)
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        assertThat(ofItsPartition / 2).isLessThan(options.maxGap + 2_000);
    }

    @Test
    void shouldHoldUpTheWholePartitionButNoOtherWhereItsOrderIsKept() {
        RunnerOptions options = new RunnerOptions();
        Engine engine = start(Place.SINK, Trouble.STUCK_KEY, Ordering.PER_PARTITION, options);

        boolean isDone = scheduler.runUntil(
                () -> wellDone >= 3 * options.maxInFlight, scheduler.now() + TimeUnit.MINUTES.toNanos(10));

        assertThat(isDone).as(() -> engine.stats().toString()).isTrue();
        assertThat(lastOfKey.values()).noneMatch(value -> value % 2 == 1 && value > TROUBLED_KEY);
    }

    @Test
    void shouldLetARecordOvertakeItsOwnKeyWhereNoOrderIsKept() {
        start(Place.SINK, Trouble.STUCK_KEY, Ordering.UNORDERED, new RunnerOptions());

        boolean isDone = scheduler.runUntil(() -> wellDone >= RECORDS, scheduler.now() + TimeUnit.SECONDS.toNanos(10));

        assertThat(isDone).isTrue();
        assertThat(attempts.keySet())
                .as("the next of the stuck key are tried, too")
                .contains(TROUBLED_KEY, TROUBLED_KEY + KEYS);
    }

    private Engine start(Place place, Trouble trouble, Ordering ordering, RunnerOptions options) {
        options.workers = 2;
        StageOptions stage = StageOptions.with()
                .ordering(ordering)
                .concurrency(8_000)
                .retry(trouble == Trouble.RETRIED_KEY ? RetryPolicy.fixed(Duration.ofSeconds(1)) : THREE_TIMES)
                .onFailure(FailurePolicy.deadLetter(Sinks.discard()));
        var from = Pipeline.named("keys").from(source);
        Pipeline pipeline = switch (place) {
            case SINK ->
                from.to(
                        context -> batch -> call(trouble, batch.get(0).value(), WriteResult::written),
                        stage.batch(BatchPolicy.upTo(1)));
            case ENRICH ->
                from.enrich(
                                Enrichers.<Integer, Integer>async(
                                        value -> call(trouble, value, () -> Optional.of(value))),
                                value -> value,
                                (value, answer) -> value,
                                stage)
                        .to(Sinks.forEach(this::done));
        };
        return Engine.start(pipeline, options, environment);
    }

    private <T> CompletableFuture<T> call(Trouble trouble, int value, Supplier<T> result) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        int attempt = attempts.merge(value, 1, Integer::sum);
        if (trouble == Trouble.STUCK_KEY && source.keyOf(value) == TROUBLED_KEY) {
            return answer;
        }
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
        scheduler.after(LATENCY_NANOS, () -> {
            underWay--;
            if (isFailing(trouble, value, attempt)) {
                answer.completeExceptionally(new IllegalStateException("in trouble"));
                return;
            }
            T given = result.get();
            if (given instanceof WriteResult) {
                done(value);
            }
            answer.complete(given);
        });
        return answer;
    }

    private boolean isFailing(Trouble trouble, int value, int attempt) {
        return switch (trouble) {
            case NONE, STUCK_KEY -> false;
            case RETRIED_KEY -> source.keyOf(value) == TROUBLED_KEY && attempt == 1;
            case ONE_RECORD_IN_A_HUNDRED -> value % 100 == 9;
            case ONE_RECORD_PER_KEY -> value / KEYS == source.keyOf(value) % (RECORDS / KEYS);
        };
    }

    private void done(int value) {
        wellDone++;
        Integer before = lastOfKey.put(source.keyOf(value), value);
        outOfOrder += before != null && before > value ? 1 : 0;
    }
}
