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
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.LookupStats;
import dev.millrace.pipeline.runtime.PartitionStats;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.runtime.StageStats;
import dev.millrace.pipeline.runtime.WriteStats;
import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the statistics of a pipeline tell beside the bare counts of its records. */
class StatsTest {

    private final ManualSource<Integer> source = ManualSource.pausable();
    private final ManualSink<Integer> sink = ManualSink.create();

    @Test
    void shouldTellHowFarAPartitionLags() {
        long hourAgo = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
        StageOptions oneByOne =
                StageOptions.with().ordering(Ordering.UNORDERED).concurrency(10).batch(BatchPolicy.upTo(1));
        for (int i = 0; i < 3; i++) {
            source.feed(PipelineRecord.of(i, "p", 10 + i).withTimestamp(hourAgo).withSize(100));
        }
        source.lag(Map.of("p", 40L));

        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(sink, oneByOne))) {
            sink.callWith(2).succeed();
            PartitionStats partition = awaitPartition(
                    running, stats -> stats.gap() == 3 && stats.lag().orElse(0) == 42);
            assertThat(partition.frontier()).hasValue(10);
            assertThat(partition.frontierAge()).isPositive();
            assertThat(partition.lagTime())
                    .hasValueSatisfying(time -> assertThat(time)
                            .isBetween(
                                    Duration.ofMinutes(60),
                                    Duration.between(Instant.ofEpochMilli(hourAgo), Instant.now())));
            assertThat(running.stats().bytesInFlight()).isEqualTo(200);

            source.lag(Map.of("p", 0L));
            sink.callWith(0).succeed();
            sink.callWith(1).succeed();
            PartitionStats atTheEnd =
                    awaitPartition(running, stats -> stats.lag().orElse(-1) == 0 && stats.gap() == 0);
            assertThat(atTheEnd.frontier()).hasValue(13);
            assertThat(atTheEnd.frontierAge()).isZero();
            assertThat(atTheEnd.lagTime()).contains(Duration.ZERO);
            assertThat(running.stats().bytesInFlight()).isZero();
        }
    }

    @Test
    void shouldTakeRecordsThatHaveJustComeForNoOlderThanTheLastMomentWithoutAny() {
        long hourAgo = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
        source.feed(PipelineRecord.of(1, "p", 0).withTimestamp(hourAgo));
        source.lag(Map.of("p", 7L));
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            PartitionStats behind = awaitPartition(running, stats -> stats.lag().orElse(0) == 7);
            assertThat(behind.lagTime())
                    .hasValueSatisfying(time -> assertThat(time).isGreaterThan(Duration.ofMinutes(59)));

            source.lag(Map.of("p", 0L));
            awaitPartition(running, stats -> stats.lag().orElse(-1) == 0);
            source.lag(Map.of("p", 1L));
            PartitionStats again = awaitPartition(running, stats -> stats.lag().orElse(0) == 1);
            assertThat(again.lagTime())
                    .hasValueSatisfying(time -> assertThat(time).isLessThan(Duration.ofMinutes(1)));
        }
    }

    @Test
    void shouldNotGuessALagThatTheSourceDoesNotKnow() {
        source.feed("p", 0, 1);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            PartitionStats partition =
                    awaitPartition(running, stats -> stats.frontier().orElse(-1) == 1);
            assertThat(partition.lag()).isEmpty();
            assertThat(partition.lagTime()).isEmpty();
        }
    }

    @Test
    void shouldGoOnWhereTheSourceFailsToTellItsLag() {
        source.feed("p", 0, 1);
        source.lag(null);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            Await.until("it is committed", () -> source.committed("p") == 1);
            source.feed("p", 1, 2);
            Await.until("the next is committed", () -> source.committed("p") == 2);
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldForgetAPartitionThatIsLost() {
        source.feed("p", 0, 1).feed("q", 0, 2);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            Await.until("there are two", () -> running.stats().partitions().size() == 2);
            source.within(context -> context.lost(List.of("p")));
            assertThat(running.stats().partitions())
                    .extracting(PartitionStats::partition)
                    .containsExactly("q");
        }
    }

    @Test
    void shouldCountWhatEachStageGivesUp() {
        for (int i = 0; i < 10; i++) {
            source.feed("p", i, i);
        }
        source.end();
        RunningPipeline running = Runs.run(Pipeline.named("pipe")
                .from(source)
                .map(value -> value < 3 ? null : value, StageOptions.with().onFailure(FailurePolicy.skip()))
                .map(
                        value -> value < 5 ? null : value,
                        StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .to(Sinks.discard()));

        StageStats skipping = running.stats().stage("map");
        assertThat(skipping.failed()).isEqualTo(3);
        assertThat(skipping.skipped()).isEqualTo(3);
        assertThat(skipping.deadLettered()).isZero();
        StageStats deadLettering = running.stats().stage("map-2");
        assertThat(deadLettering.failed()).isEqualTo(2);
        assertThat(deadLettering.skipped()).isZero();
        assertThat(deadLettering.deadLettered()).isEqualTo(2);
        StageStats store = running.stats().stage("dead-letters");
        assertThat(store.in()).isEqualTo(2);
        assertThat(store.out()).isEqualTo(2);
        assertThat(store.writes()).map(WriteStats::records).contains(2L);
    }

    @Test
    void shouldMeasureTheCallsOfAWriter() {
        source.feed("p", 0, 1).feed("p", 1, 2).feed("p", 2, 3);
        StageOptions three = StageOptions.with()
                .batch(BatchPolicy.of(3, Duration.ofSeconds(5)))
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)));
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(sink, three))) {
            sink.call(0);
            Await.still(
                    "a call counts when it is answered", () -> writes(running).calls() == 0);
            sink.call(0).fail(new UnavailableException("away"));
            sink.call(1).succeed();
            Await.until("both calls count", () -> writes(running).calls() == 2);

            WriteStats writes = writes(running);
            assertThat(writes.records()).isEqualTo(6);
            assertThat(writes.largest()).isEqualTo(3);
            assertThat(writes.longest()).isGreaterThan(Duration.ofMillis(50));
            assertThat(writes.time()).isGreaterThanOrEqualTo(writes.longest());
            assertThat(running.stats().stage("to").unavailable()).isOne();
            assertThat(running.stats().stage("from").writes()).isEmpty();
        }
    }

    @Test
    void shouldTellWhatStagesHoldAndMeasureTheCallsOfALookup() {
        Map<Integer, CompletableFuture<Optional<Integer>>> answers =
                Map.of(1, new CompletableFuture<>(), 2, new CompletableFuture<>());
        source.feed("p", 0, 1).feed("p", 1, 2);
        Pipeline pipeline = Pipeline.named("pipe")
                .from(source)
                .enrich(Enrichers.<Integer, Integer>async(answers::get), value -> value, (value, found) -> value)
                .to(sink);
        try (RunningPipeline running = Runs.runner().start(pipeline)) {
            Await.until("both are held", () -> running.stats().stage("enrich").held() == 2);
            Await.still(
                    "a call counts when it is answered", () -> lookups(running).calls() == 0);
            answers.get(2).complete(Optional.empty());
            Await.until("one counts", () -> lookups(running).calls() == 1);
            assertThat(running.stats().stage("enrich").held())
                    .as("the second waits for the first")
                    .isEqualTo(2);
            answers.get(1).complete(Optional.of(1));
            Await.until("both count", () -> {
                LookupStats lookups = lookups(running);
                return lookups.calls() == 2
                        && lookups.longest().compareTo(Duration.ofMillis(50)) > 0
                        && lookups.time().compareTo(lookups.longest()) >= 0;
            });
            Await.until(
                    "the sink holds them",
                    () -> running.stats().stage("to").held() == 2
                            && running.stats().stage("enrich").held() == 0);
            assertThat(running.stats().stage("to").lookups()).isEmpty();
            running.abandon();
        }
    }

    private static LookupStats lookups(RunningPipeline running) {
        return running.stats().stage("enrich").lookups().orElseThrow();
    }

    @Test
    void shouldTellHowTheMemoryOfALookupFares() {
        source.feed("p", 0, 1).feed("p", 1, 2).feed("p", 2, 3).end();
        Enricher<Integer, String> enricher = context -> new LocalLookup<>() {
            @Override
            public Optional<String> get(Integer key) {
                return key == 1 ? Optional.empty() : Optional.of("found");
            }

            @Override
            public Optional<CacheStats> cache() {
                return Optional.of(new CacheStats(3, 4, 5));
            }
        };
        PipelineStats stats = Runs.run(Pipeline.named("pipe")
                        .from(source)
                        .enrich(enricher, value -> value, (value, found) -> value)
                        .to(Sinks.discard()))
                .stats();

        assertThat(stats.stage("enrich").hits()).isEqualTo(2);
        assertThat(stats.stage("enrich").misses()).isOne();
        assertThat(stats.stage("enrich").cache()).contains(new CacheStats(3, 4, 5));
        assertThat(stats.stage("enrich").lookups()).isEmpty();
        assertThat(stats.stage("to").cache()).isEmpty();
    }

    @Test
    void shouldCountThePollsThatFoundTheSourceUnavailable() {
        source.feed("p", 0, 1);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            CompletableFuture<Void> poll = source.later(context -> {
                throw new UnavailableException("away");
            });
            Await.until("it counts", () -> running.stats().stage("from").unavailable() == 1);
            assertThat(poll).isCompletedExceptionally();
        }
    }

    private static WriteStats writes(RunningPipeline running) {
        return running.stats().stage("to").writes().orElseThrow();
    }

    private static PartitionStats awaitPartition(RunningPipeline running, Predicate<PartitionStats> condition) {
        Await.until(
                () -> "the partition is as expected rather than "
                        + running.stats().partitions(),
                () -> running.stats().partitions().stream().anyMatch(condition));
        return running.stats().partitions().get(0);
    }
}
