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
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RandomSink;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What order is kept where answers come in any order, and some fail at first. */
class OrderingTest {

    private static final int RECORDS = 1_500;
    private static final int PARTITIONS = 3;
    private static final int KEYS = 20;
    private static final RetryPolicy SOON = RetryPolicy.exponential(Duration.ofNanos(100_000), Duration.ofMillis(1))
            .maxAttempts(1_000);

    private final ManualSource<Integer> source = ManualSource.pausable();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepTheOrderOfAPartitionAtASink(long seed) {
        List<PipelineRecord<Integer>> written = written(seed, inBatches(Ordering.PER_PARTITION));

        assertEachAscends(written, PipelineRecord::partition);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepTheOrderOfAKeyAtASink(long seed) {
        List<PipelineRecord<Integer>> written = written(seed, inBatches(Ordering.PER_KEY));

        assertEachAscends(written, record -> record.partition() + "/" + record.key());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000})
    void shouldKeepTheOrderHoweverBatchesAreCut(int maxRecords) {
        List<PipelineRecord<Integer>> written =
                written(4, with(Ordering.PER_PARTITION).batch(BatchPolicy.upTo(maxRecords)));

        assertEachAscends(written, PipelineRecord::partition);
    }

    @Test
    void shouldWriteEachRecordOnceWhereNoOrderIsKept() {
        List<PipelineRecord<Integer>> written = written(5, inBatches(Ordering.UNORDERED));

        assertThat(written)
                .extracting(PipelineRecord::value)
                .doesNotHaveDuplicates()
                .hasSize(RECORDS);
    }

    @Test
    void shouldKeepTheOrderOfAPartitionThroughAnEnrichment() {
        assertEachAscends(enriched(with(Ordering.PER_PARTITION)), PipelineRecord::partition);
    }

    @Test
    void shouldKeepTheOrderOfAKeyThroughAnEnrichment() {
        assertEachAscends(enriched(with(Ordering.PER_KEY)), record -> record.partition() + "/" + record.key());
    }

    @Test
    void shouldPassAnEnrichmentAsAnswersComeWhereNoOrderIsKept() {
        List<PipelineRecord<Integer>> seen = enriched(with(Ordering.UNORDERED));

        assertThat(seen).extracting(PipelineRecord::value).doesNotHaveDuplicates();
        assertThat(seen).extracting(PipelineRecord::value).isNotEqualTo(sorted(seen));
    }

    @Test
    void shouldNotLetAStuckKeyStopOtherKeys() {
        ManualSink<Integer> sink = ManualSink.create();
        StageOptions byDefault = StageOptions.with().ordering(Ordering.PER_KEY).batch(BatchPolicy.upTo(1));
        source.feed(keyed("stuck", 0))
                .feed(keyed("stuck", 1))
                .feed(keyed("free", 2))
                .feed(keyed("free", 3))
                .end();

        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("p").from(source).to(sink, byDefault))) {
            sink.callWith(0);
            sink.callWith(2).succeed();
            sink.callWith(3).succeed();
            Await.still("the stuck key waits", () -> sink.calls() == 3);

            sink.callWith(0).succeed();
            sink.callWith(1).succeed();
            Runs.awaitEnd(running);
        }
    }

    @Test
    void shouldNotLetAStuckLookupStopOtherKeys() {
        CompletableFuture<Optional<String>> stuck = new CompletableFuture<>();
        Enricher<Integer, String> lookup =
                Enrichers.async(value -> value == 0 ? stuck : CompletableFuture.completedFuture(Optional.of("found")));
        List<Integer> seen = new CopyOnWriteArrayList<>();
        source.feed(keyed("stuck", 0))
                .feed(keyed("stuck", 1))
                .feed(keyed("free", 2))
                .end();

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .enrich(lookup, value -> value, (value, answer) -> value, with(Ordering.PER_KEY))
                        .to(Sinks.into(seen)))) {
            Await.until("the other key goes on", () -> seen.contains(2));
            assertThat(seen).containsExactly(2);

            stuck.complete(Optional.empty());
            Runs.awaitEnd(running);
        }
        assertThat(seen).containsExactly(2, 0, 1);
    }

    @Test
    void shouldTakeArraysOfBytesForTheSameKeyWhenTheirContentIs() {
        ManualSink<Integer> sink = ManualSink.create();
        source.feed(PipelineRecord.of(0, "p", 0).withKey(new byte[] {1}))
                .feed(PipelineRecord.of(1, "p", 1).withKey(new byte[] {1}))
                .end();

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .to(sink, with(Ordering.PER_KEY).batch(BatchPolicy.upTo(1))))) {
            sink.callWith(0);
            Await.still("the second waits", () -> sink.calls() == 1);
            sink.callWith(0).succeed();
            sink.callWith(1).succeed();
            Runs.awaitEnd(running);
        }
    }

    @Test
    void shouldGiveUpAValueForASinkWhoseKeyCannotBeComparedAndNoOther() {
        ManualSink<Integer> sink = ManualSink.create();
        feedKeysThatFail();

        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .to(
                                sink,
                                with(Ordering.PER_KEY)
                                        .batch(BatchPolicy.upTo(1))
                                        .onFailure(FailurePolicy.skip())));
        sink.callWith(2);
        sink.callWith(0).succeed();
        Await.until("its lane is free", () -> running.stats().recordsDone() == 2);
        sink.callWith(2).succeed();
        Runs.awaitEnd(running);

        assertThat(sink.calls()).isEqualTo(2);
        assertThat(running.stats().stage("to").skipped()).isOne();
        assertThat(source.committed("p")).isEqualTo(3);
    }

    @Test
    void shouldGiveUpAValueForALookupWhoseKeyCannotBeComparedAndNoOther() {
        Map<Integer, CompletableFuture<Optional<String>>> answers = new ConcurrentHashMap<>();
        Enricher<Integer, String> lookup =
                Enrichers.async(value -> answers.computeIfAbsent(value, asked -> new CompletableFuture<>()));
        List<Integer> seen = new CopyOnWriteArrayList<>();
        feedKeysThatFail();

        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .enrich(
                                lookup,
                                value -> value,
                                (value, answer) -> value,
                                with(Ordering.PER_KEY).onFailure(FailurePolicy.skip()))
                        .to(Sinks.into(seen)));
        Await.until("both are asked for", () -> answers.size() == 2);
        answers.get(0).complete(Optional.empty());
        Await.until("its lane is free", () -> seen.contains(0));
        answers.get(2).complete(Optional.empty());
        Runs.awaitEnd(running);

        assertThat(seen).containsExactly(0, 2);
        assertThat(running.stats().stage("enrich").skipped()).isOne();
    }

    /** The second key and the third one are compared with the first one when they arrive; none needs to be later on. */
    private void feedKeysThatFail() {
        int[] comparisons = {0, 0, 1};
        for (int i = 0; i < comparisons.length; i++) {
            source.feed(PipelineRecord.of(i, "p", i).withKey(new AwkwardKey(comparisons[i])));
        }
        source.end();
    }

    /** One that bears to be compared so often. */
    private static final class AwkwardKey {

        private int comparisons;

        AwkwardKey(int comparisons) {
            this.comparisons = comparisons;
        }

        @Override
        public boolean equals(Object other) {
            if (comparisons-- == 0) {
                throw new IllegalStateException("secret");
            }
            return false;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private List<PipelineRecord<Integer>> written(long seed, StageOptions options) {
        feed(seed);
        RandomSink<Integer> sink = new RandomSink<>(seed);
        Runs.run(Pipeline.named("p").from(source).to(sink, options));
        // One large batch may hold all there is; of the many small ones two meet.
        assertThat(sink.mostAtOnce()).isBetween(options.batch().maxRecords() > 100 ? 1 : 2, 4);
        assertThat(sink.written())
                .extracting(PipelineRecord::value)
                .doesNotHaveDuplicates()
                .hasSize(RECORDS);
        return sink.written();
    }

    private List<PipelineRecord<Integer>> enriched(StageOptions options) {
        feed(6);
        List<PipelineRecord<Integer>> seen = new CopyOnWriteArrayList<>();
        Random random = new Random(6);
        Enricher<Integer, String> lookup = Enrichers.async(value -> CompletableFuture.supplyAsync(
                () -> {
                    if (value % 50 == 7) {
                        throw new IllegalStateException("once in a while");
                    }
                    return Optional.of("found");
                },
                CompletableFuture.delayedExecutor(random.nextInt(300), TimeUnit.MICROSECONDS)));
        Runs.run(Pipeline.named("p")
                .from(source)
                .enrich(
                        lookup,
                        value -> value,
                        (value, answer) -> value,
                        options.concurrency(16).retry(SOON.maxAttempts(3)).onFailure(FailurePolicy.skip()))
                .peek(seen::add)
                .to(Sinks.discard()));
        assertThat(seen).hasSize(RECORDS - RECORDS / 50);
        return seen;
    }

    private static StageOptions with(Ordering ordering) {
        return StageOptions.with().ordering(ordering).concurrency(4).retry(SOON);
    }

    private static StageOptions inBatches(Ordering ordering) {
        return with(ordering).batch(BatchPolicy.upTo(16));
    }

    private void feed(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < RECORDS; i++) {
            source.feed(
                    PipelineRecord.of(i, "p-" + random.nextInt(PARTITIONS), i).withKey("key-" + random.nextInt(KEYS)));
        }
        source.end();
    }

    private static PipelineRecord<Integer> keyed(String key, int value) {
        return PipelineRecord.of(value, "p", value).withKey(key);
    }

    private static List<Integer> sorted(List<PipelineRecord<Integer>> records) {
        return records.stream().map(PipelineRecord::value).sorted().toList();
    }

    private static void assertEachAscends(
            List<PipelineRecord<Integer>> records, Function<PipelineRecord<Integer>, String> lane) {
        Map<String, List<Long>> lanes = new ConcurrentHashMap<>();
        records.forEach(record -> lanes.computeIfAbsent(lane.apply(record), name -> new ArrayList<>())
                .add(record.offset()));
        assertThat(lanes).allSatisfy((name, offsets) -> assertThat(offsets).isSorted());
    }
}
