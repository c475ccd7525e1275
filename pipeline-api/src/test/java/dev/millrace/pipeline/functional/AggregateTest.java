package dev.millrace.pipeline.functional;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.KeyedStage;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.PipelineDefinitionException;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.StateFormat;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.ManualStore;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an aggregate tells, when its records are done, and what it makes of those that come again. */
@Timeout(120)
class AggregateTest {

    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofHours(1);

    private final ManualStore store = new ManualStore();
    private final ManualSource<String> source = ManualSource.pausable();
    private final ManualSink<Told> sink = ManualSink.create();
    private final List<Told> written = Collections.synchronizedList(new ArrayList<>());

    private record Told(String key, long count) {}

    @Test
    void shouldCountByKeyOverAllPartitions() {
        feed("p", 0, "a", "b", "a");
        feed("q", 0, "a", "c");
        source.end();

        RunningPipeline running = Runs.run(counting(SOON).to(Sinks.into(written)));

        assertThat(last()).isEqualTo(Map.of("a", 3L, "b", 1L, "c", 1L));
        assertThat(running.stats().stage("aggregate").in()).isEqualTo(5);
        assertThat(running.stats().stage("aggregate").out()).isEqualTo(written.size());
        assertThat(running.stats().recordsDone()).isEqualTo(5);
        assertThat(source.committed("p")).isEqualTo(3);
        assertThat(source.committed("q")).isEqualTo(2);
    }

    @Test
    void shouldTellOnlyOfKeysThatHaveChanged() {
        feed("p", 0, "a", "b");
        try (RunningPipeline running = Runs.runner().start(counting(SOON).to(Sinks.into(written)))) {
            Await.until("both are told and kept", () -> source.committed("p") == 2);
            int rounds = store.saves();
            Await.still("nothing more is", () -> written.size() == 2 && store.saves() == rounds);

            feed("p", 2, "a");
            Await.until("the change is told", () -> written.contains(new Told("a", 2)));
            Await.until("it is committed", () -> source.committed("p") == 3);
            assertThat(written).hasSize(3);
            assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
        }
    }

    @Test
    void shouldTellOfManyRecordsAtOnce() {
        for (int i = 0; i < 10_000; i++) {
            source.feed(i % 2 == 0 ? "p" : "q", i, "k" + i % 10);
        }
        source.end();

        Runs.run(counting(NEVER).to(Sinks.into(written)));

        assertThat(last())
                .hasSize(10)
                .allSatisfy((key, count) -> assertThat(count).isEqualTo(1_000));
        assertThat(written).hasSizeLessThan(1_000);
    }

    @Test
    void shouldTellTheWholeAsOne() {
        List<List<Told>> snapshots = Collections.synchronizedList(new ArrayList<>());
        feed("p", 0, "a", "b");
        try (RunningPipeline running = Runs.runner()
                .start(keyed().snapshots(Aggregators.counting(), Told::new, kept(SOON))
                        .to(Sinks.into(snapshots)))) {
            Await.until(
                    "both are told",
                    () -> !snapshots.isEmpty() && newest(snapshots).size() == 2);
            feed("q", 0, "c");
            Await.until("all are told again", () -> newest(snapshots).size() == 3);
            assertThat(newest(snapshots))
                    .containsExactlyInAnyOrder(new Told("a", 1), new Told("b", 1), new Told("c", 1));
            int told = snapshots.size();
            Await.still("nothing is told without a change", () -> snapshots.size() == told);
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldCommitOnlyWhatIsWrittenAndKept() {
        store.hold();
        feed("p", 0, "a", "b");
        try (RunningPipeline running = Runs.runner().start(counting(SOON).to(sink))) {
            Await.until("states are asked for", () -> store.loads() == 1);
            Await.still(
                    "no record begins before",
                    () -> running.stats().stage("keyBy").in() == 0);
            store.release();
            store.hold();
            ManualSink.Call<Told> call = sink.call(0);
            Await.still("nothing is kept before it is written", () -> store.saves() == 0 && source.committed("p") <= 0);
            Runs.awaitExplained(running, text -> text.contains("held back by offset 0 in stage 'aggregate'"));

            call.succeed();
            Await.until("it is being kept", () -> store.saves() == 1);
            Await.still("nothing is committed before it is", () -> source.committed("p") <= 0);

            store.release();
            Await.until("all is committed", () -> source.committed("p") == 2);
        }
    }

    @Test
    void shouldNotCountWhatComesAgain() {
        feed("p", 0, "a", "b", "a").end();
        Runs.run(counting(SOON).to(Sinks.into(written)));
        assertThat(store.keys("p")).isEqualTo(2);

        ManualSource<String> again = ManualSource.pausable();
        again.feed("p", 1, "b").feed("p", 2, "a").feed("p", 3, "b").end();
        written.clear();
        RunningPipeline running = Runs.run(counting(again, SOON).to(Sinks.into(written)));

        assertThat(written).containsExactly(new Told("b", 2));
        assertThat(running.stats().stage("aggregate").dropped()).isEqualTo(2);
        assertThat(again.committed("p")).isEqualTo(4);
    }

    @Test
    void shouldCountEachValueOfARecordOnce() {
        feed("p", 0, "aab", "ba").end();
        Runs.run(letters(source).to(Sinks.into(written)));
        assertThat(last()).isEqualTo(Map.of("a", 3L, "b", 2L));

        ManualSource<String> again = ManualSource.pausable();
        again.feed("p", 1, "ba").feed("p", 2, "b").end();
        Runs.run(letters(again).to(Sinks.into(written)));

        assertThat(last()).isEqualTo(Map.of("a", 3L, "b", 3L));
    }

    private Stage<Told> letters(ManualSource<String> from) {
        return Pipeline.named("p")
                .from(from)
                .flatMap(text -> List.of(text.split("")))
                .keyBy(letter -> letter)
                .aggregate(Aggregators.counting(), Told::new, kept(SOON));
    }

    @Test
    void shouldCountWhatWasKeptOfAPartitionThatGivesNothingNow() {
        feed("p", 0, "a");
        feed("q", 0, "a", "a").end();
        Runs.run(counting(SOON).to(Sinks.into(written)));

        ManualSource<String> again = ManualSource.pausable();
        written.clear();
        try (RunningPipeline running = Runs.runner().start(counting(again, SOON).to(Sinks.into(written)))) {
            again.within(context -> context.assigned(Set.of("p", "q")));
            again.feed("p", 1, "a");
            Await.until("it is told", () -> !written.isEmpty());
            assertThat(written).containsExactly(new Told("a", 4));
            assertThat(running.failure()).isEmpty();
        }
    }

    /** A partition that nobody knew of when a key was told brings more of that key. */
    @Test
    void shouldTellAgainWhatALatePartitionAddsTo() {
        feed("q", 0, "a", "b").end();
        Runs.run(counting(SOON).to(Sinks.into(written)));

        ManualSource<String> again = ManualSource.pausable();
        written.clear();
        try (RunningPipeline running = Runs.runner().start(counting(again, SOON).to(Sinks.into(written)))) {
            again.feed("p", 0, "a");
            Await.until("it is told without the other", () -> written.contains(new Told("a", 1)));
            again.within(context -> context.assigned(Set.of("q")));
            Await.until("it is told again", () -> written.contains(new Told("a", 2)));
            assertThat(last()).isEqualTo(Map.of("a", 2L)); // of the other key nothing has changed
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldTellAndKeepBeforeAPartitionIsGivenUp() {
        try (RunningPipeline running = Runs.runner().start(counting(NEVER).to(Sinks.into(written)))) {
            source.within(context -> context.assigned(Set.of("p", "q")));
            feed("p", 0, "a", "b");
            Await.until(
                    "they are counted", () -> running.stats().stage("aggregate").in() == 2);

            source.within(context -> assertThat(context.revoked(Set.of("p"))).isEqualTo(Map.of("p", 2L)));

            assertThat(store.keys("p")).isEqualTo(2);
            assertThat(last()).isEqualTo(Map.of("a", 1L, "b", 1L));
        }
    }

    @Test
    void shouldCommitNothingOfAPartitionThatIsLost() {
        try (RunningPipeline running = Runs.runner().start(counting(SOON).to(sink))) {
            source.within(context -> context.assigned(Set.of("p", "q")));
            feed("p", 0, "a");
            ManualSink.Call<Told> call = sink.call(0);
            source.within(context -> context.lost(Set.of("p")));
            feed("q", 0, "b");
            call.succeed();
            sink.call(1).succeed();

            Await.until("the other is committed", () -> source.committed("q") == 1);
            assertThat(source.committed("p")).isLessThanOrEqualTo(0);
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldGoOnWithAPartitionThatIsGivenBack() {
        try (RunningPipeline running = Runs.runner().start(counting(SOON).to(Sinks.into(written)))) {
            source.within(context -> context.assigned(Set.of("p")));
            feed("p", 0, "a", "a");
            Await.until("it is committed", () -> source.committed("p") == 2);
            source.within(context -> {
                context.lost(Set.of("p"));
                context.assigned(Set.of("p"));
            });
            feed("p", 1, "a", "a");
            Await.until("the new one is told", () -> last().get("a") == 3);
            assertThat(running.failure()).isEmpty();
        }
    }

    /** What was asked for first is answered last, before its worker has heard that nobody wants it any more. */
    @Test
    void shouldGoOnWithAPartitionThatIsGivenBackBeforeItsFormerStatesAreLoaded() {
        CompletableFuture<Void> stuck = new CompletableFuture<>();
        CountDownLatch gate = new CountDownLatch(1);
        RunningPipeline running = Runs.runner()
                .workers(1)
                .start(Pipeline.named("p")
                        .from(source)
                        .peek(record -> {
                            if (record.value().equals("stuck")) {
                                stuck.complete(null);
                                gate.await();
                            }
                        })
                        .keyBy(text -> text)
                        .aggregate(Aggregators.counting(), Told::new, kept(SOON))
                        .to(Sinks.into(written)));
        try (running) {
            feed("q", 0, "stuck");
            Await.until("the worker is stuck", stuck::isDone);
            store.hold();
            source.within(context -> context.assigned(Set.of("p")));
            source.within(context -> {
                context.lost(Set.of("p"));
                context.assigned(Set.of("p"));
            });
            Await.until("its states are asked for again", () -> store.loads() == 3);
            store.releaseLast();
            store.release();
            gate.countDown();
            feed("p", 0, "a");
            Await.until("it is told and committed", () -> source.committed("p") == 1);
            assertThat(last()).isEqualTo(Map.of("stuck", 1L, "a", 1L));
        } finally {
            gate.countDown();
        }
    }

    @Test
    void shouldTryAgainWhileTheStoreIsUnavailable() {
        store.fail(new UnavailableException("down")).hold();
        feed("p", 0, "a");
        try (RunningPipeline running = Runs.runner().start(counting(SOON).to(Sinks.into(written)))) {
            Await.until(
                    "it is said",
                    () -> running.health().reasons().toString().contains("stage 'aggregate' is unavailable"));
            assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.DEGRADED);
            store.release();
            Await.until("it is loaded and told", () -> last().containsKey("a"));
            Await.until("it is committed", () -> source.committed("p") == 1);
            store.fail(new UnavailableException("down again"));
            feed("p", 1, "a");
            Await.until("it is committed, too", () -> source.committed("p") == 2);
            assertThat(running.stats().stage("aggregate").unavailable()).isEqualTo(2);
            Runs.awaitUp(running);
        }
    }

    @Test
    void shouldNotStayUnavailableWhereNobodyWaitsForTheStoreAnyMore() {
        store.fail(new UnavailableException("down")).hold();
        try (RunningPipeline running = Runs.runner().start(counting(SOON).to(Sinks.into(written)))) {
            source.within(context -> context.assigned(Set.of("p")));
            Await.until("it is asked again", () -> store.loads() == 2);
            assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.DEGRADED);
            source.within(context -> context.lost(Set.of("p")));
            store.refuse(new UnavailableException("down still"));

            Await.until("it is of no matter", () -> running.health().status() == PipelineHealth.Status.UP);
        }
    }

    @Test
    void shouldStopRatherThanBeginAnewWithAStateThatIsDamaged() {
        feed("p", 0, "a").end();
        Runs.run(counting(SOON).to(Sinks.into(written)));
        store.damage("p");

        ManualSource<String> again = ManualSource.pausable();
        again.feed("p", 1, "a");
        PipelineFailedException failure =
                Runs.runToFailure(Runs.runner(), counting(again, SOON).to(Sinks.into(written)));

        assertThat(failure).hasMessageContaining("stage 'aggregate'");
        assertThat(failure.stage()).contains("aggregate");
        assertThat(again.commits()).isEmpty();
    }

    @Test
    void shouldStopWhereWhatIsToldCannotBeMade() {
        feed("p", 0, "a");

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(),
                keyed().aggregate(Aggregators.counting(), this::failing, kept(SOON))
                        .to(Sinks.into(written), letters(new ArrayList<>())));

        assertThat(failure).hasMessageContaining("stage 'aggregate'");
        assertThat(store.saves()).isZero();
        assertThat(source.committed("p")).isLessThanOrEqualTo(0);
    }

    @Test
    void shouldPassOverWhatCannotBeToldIfSoAsked() {
        feed("p", 0, "a").end();

        RunningPipeline running = Runs.run(keyed().aggregate(Aggregators.counting(), this::failing, kept(SOON))
                .to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.skip())));

        assertThat(running.stats().stage("aggregate").skipped()).isOne();
        assertThat(written).isEmpty();
        assertThat(source.committed("p")).isOne();
    }

    private Told failing(String key, long count) {
        throw new IllegalStateException("secret");
    }

    @Test
    void shouldMakeADeadLetterOfARecordThatCannotBeAdded() {
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        feed("p", 0, "7", "none", "8").end();

        Runs.run(Pipeline.named("p")
                .from(source)
                .keyBy(text -> "sum")
                .aggregate(Aggregators.<String>summing(Long::parseLong), Told::new, kept(SOON))
                .to(Sinks.into(written), letters(letters)));

        assertThat(last()).isEqualTo(Map.of("sum", 15L));
        assertThat(letters).extracting(letter -> letter.original().offset()).containsExactly(1L);
        assertThat(source.committed("p")).isEqualTo(3);
    }

    /** It may come again, and must not be taken for included by a state of later records then. */
    @Test
    void shouldKeepNothingBeforeTheDeadLetterOfAFormerRecordIsStored() {
        ManualSink<DeadLetter> letters = ManualSink.create();
        feed("p", 0, "7", "none", "8");
        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .keyBy(text -> "sum")
                        .aggregate(Aggregators.<String>summing(Long::parseLong), Told::new, kept(SOON))
                        .to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.deadLetter(letters))))) {
            ManualSink.Call<DeadLetter> letter = letters.call(0);
            Await.until("all have been read", () -> source.taken() == 3);
            Await.still("nothing is kept of later ones", () -> !last().equals(Map.of("sum", 15L)));
            feed("p", 3, "1");
            letter.succeed();
            Await.until("all is told and committed", () -> source.committed("p") == 4);
            assertThat(last()).isEqualTo(Map.of("sum", 16L));
            assertThat(running.failure()).isEmpty();
        }
    }

    /** The aggregate holds the record for the value that it counts, while its dead letter is for the other one. */
    @Test
    void shouldGoOnBehindARecordThatIsCountedInPart() {
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        feed("p", 0, "1 none", "none 2", "3").end();

        Runs.run(Pipeline.named("p")
                .from(source)
                .flatMap(text -> List.of(text.split(" ")))
                .keyBy(text -> "sum")
                .aggregate(Aggregators.<String>summing(Long::parseLong), Told::new, kept(SOON))
                .to(Sinks.into(written), letters(letters)));

        assertThat(last()).isEqualTo(Map.of("sum", 6L));
        assertThat(letters).extracting(letter -> letter.original().offset()).containsExactly(0L, 1L);
        assertThat(source.committed("p")).isEqualTo(3);
    }

    private static Stage<Told> sums(Stage<String> texts, Aggregation aggregation) {
        return texts.flatMap(text -> List.of(text.split(" ")))
                .keyBy(text -> "sum")
                .aggregate(Aggregators.<String>summing(Long::parseLong), Told::new, aggregation);
    }

    /** Of the record a part is counted, and another waits in a list for which nothing more may begin. */
    @Test
    void shouldNotWaitForAListThatWaitsForIt() {
        List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
        List<List<String>> lists = Collections.synchronizedList(new ArrayList<>());
        Pipeline pipeline = Pipeline.named("p")
                .from(source)
                .branch(all -> sums(all, kept(SOON)).to(Sinks.into(written), letters(letters)))
                .batch(10)
                .to(Sinks.into(lists));
        try (RunningPipeline running = Runs.runner().start(pipeline)) {
            feed("p", 0, "1 none");
            Await.until("it is committed", () -> source.committed("p") == 1);
            feed("p", 1, "2 none", "4");
            source.end();
            Runs.awaitEnd(running);
        }
        assertThat(last()).isEqualTo(Map.of("sum", 7L));
        assertThat(letters).hasSize(2);
        assertThat(lists.stream().mapToInt(List::size).sum()).isEqualTo(3);
    }

    /** One worker, so that the rounds hear of the lost partition before they hear of what is counted afterwards. */
    @Test
    void shouldTellTheWholeAgainOnceAPartitionIsBack() {
        List<List<Told>> snapshots = Collections.synchronizedList(new ArrayList<>());
        try (RunningPipeline running = Runs.runner()
                .workers(1)
                .start(keyed().snapshots(Aggregators.counting(), Told::new, kept(SOON))
                        .to(Sinks.into(snapshots)))) {
            source.within(context -> context.assigned(Set.of("p", "q")));
            feed("p", 0, "a");
            Await.until("it is kept", () -> source.committed("p") == 1);
            source.within(context -> context.lost(Set.of("p")));
            feed("q", 0, "b");
            Await.until("the other is told without it", () -> newest(snapshots).equals(List.of(new Told("b", 1))));
            source.within(context -> context.assigned(Set.of("p")));
            Await.until("both are told", () -> newest(snapshots).size() == 2);
            assertThat(running.failure()).isEmpty();
        }
    }

    /** One worker, so that the rounds hear of the lost partition before the round under way is over. */
    @Test
    void shouldNotTellOfAKeyWhosePartitionHasGone() {
        try (RunningPipeline running =
                Runs.runner().workers(1).start(counting(SOON).to(sink))) {
            source.within(context -> context.assigned(Set.of("p", "q")));
            feed("q", 0, "b");
            ManualSink.Call<Told> first = sink.call(0);
            feed("p", 0, "a");
            awaitCounted(running, 2);
            Await.still("it waits for the round under way", () -> sink.calls() == 1);
            source.within(context -> context.lost(Set.of("p")));
            feed("q", 1, "b");
            awaitCounted(running, 3);
            first.succeed();
            sink.callWith(new Told("b", 2)).succeed();

            Await.until("the other is committed", () -> source.committed("q") == 2);
            assertThat(sink.calls()).isEqualTo(2);
        }
    }

    private static void awaitCounted(RunningPipeline running, long records) {
        Await.until("they are counted", () -> running.stats().stage("aggregate").in() == records);
    }

    @Test
    void shouldNotWaitForTheAgeOfABatchThatNothingCanJoin() {
        feed("p", 0, "a");
        StageOptions patient = StageOptions.with().batch(BatchPolicy.of(1_000, Duration.ofHours(1)));
        try (RunningPipeline running = Runs.runner().start(counting(SOON).to(Sinks.into(written), patient))) {
            Await.until("it is committed", () -> source.committed("p") == 1);
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldCountWithRoomForOneRecordOnly() {
        feed("p", 0, "a", "b", "a").end();

        Runs.run(Runs.runner().maxInFlight(1), counting(NEVER).to(Sinks.into(written)));

        assertThat(last()).isEqualTo(Map.of("a", 2L, "b", 1L));
    }

    @Test
    void shouldRefuseAKeyThatWouldBeAnotherOnceItIsRead() {
        record Loose(String name) {
            @Override
            public boolean equals(Object other) {
                return false;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
        StateFormat<Loose> format = StateFormat.of(key -> key.name.getBytes(UTF_8), bytes -> new Loose("again"));
        feed("p", 0, "a");

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(),
                Pipeline.named("p")
                        .from(source)
                        .keyBy(Loose::new)
                        .aggregate(
                                Aggregators.counting(),
                                (key, count) -> count,
                                kept(SOON).keys(format))
                        .to(Sinks.discard()));

        assertThat(failure.getCause()).hasMessageContaining("does not equal what its format reads of it");
    }

    private static StageOptions letters(List<DeadLetter> letters) {
        return StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.into(letters)));
    }

    @Test
    void shouldRefuseWhereItCouldNotCountExactly() {
        assertThatThrownBy(() -> Pipeline.named("p")
                        .from(Sources.of(List.of("a")))
                        .keyBy(text -> text)
                        .aggregate(Aggregators.counting(), Told::new, kept(SOON)))
                .isInstanceOf(PipelineDefinitionException.class)
                .hasMessageContaining(
                        "'aggregate' after stage 'from', which cannot say of a record that it comes again");
        assertThatThrownBy(() -> Pipeline.named("p")
                        .from(source)
                        .enrich(
                                Enrichers.<String, String>blocking(Optional::of),
                                text -> text,
                                (text, same) -> text,
                                StageOptions.with().ordering(Ordering.UNORDERED))
                        .keyBy(text -> text)
                        .snapshots(Aggregators.counting(), Told::new, kept(SOON)))
                .hasMessageContaining("'snapshots' after stage 'enrich', which does not keep the order of partitions");
        assertThatThrownBy(
                        () -> counting(SOON).keyBy(Told::key).aggregate(Aggregators.counting(), Told::new, kept(SOON)))
                .hasMessageContaining("'aggregate' after stage 'aggregate', which is an aggregate itself");
        assertThatThrownBy(() -> counting(SOON).batch(2))
                .hasMessageContaining("cannot have 'batch' after an aggregate");
        assertThatThrownBy(() -> counting(SOON).throttle(Throttle.perSecond(1)))
                .hasMessageContaining("cannot have 'throttle' after an aggregate");
        assertThatThrownBy(() -> kept(Duration.ZERO)).hasMessage("interval must be positive, got PT0S");
    }

    @Test
    void shouldCountWithoutAStoreFromAnySource() {
        Runs.run(Pipeline.named("p")
                .from(Sources.of(List.of("a", "b", "a")))
                .keyBy(text -> text)
                .aggregate(Aggregators.counting(), Told::new, Aggregation.keptIn(StateStore.none()))
                .to(Sinks.into(written)));

        assertThat(last()).isEqualTo(Map.of("a", 2L, "b", 1L));
    }

    @Test
    void shouldNotGoOnWithAPartitionThatHasBecomeAnother() {
        assertThatItStops(DataLoss.beyond("p", 3, "created again"), "p has lost all offsets from 3 on");
    }

    @Test
    void shouldNotGoOnWithAPartitionWhoseOffsetsAreUsedAgain() {
        assertThatItStops(DataLoss.replaced("p", 3, 4, "truncated"), "p has lost the offsets 3 to 4");
    }

    private void assertThatItStops(DataLoss loss, String because) {
        RunningPipeline running = Runs.runner().start(counting(SOON).to(Sinks.into(written)));
        CompletableFuture<Void> told = source.later(context -> context.dataLost(List.of(loss)));
        Runs.awaitState(running, PipelineState.FAILED);

        assertThat(told).isCompletedExceptionally();
        assertThat(running.failure().orElseThrow().getCause()).hasMessageContaining(because);
        assertThat(running.stats().dataLosses()).isOne();
    }

    @Test
    void shouldGoOnWhereAFunctionBlocksAnotherPartition() {
        CountDownLatch gate = new CountDownLatch(1);
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .peek(record -> {
                            if (record.value().equals("stuck")) {
                                gate.await();
                            }
                        })
                        .keyBy(text -> text)
                        .aggregate(Aggregators.counting(), Told::new, kept(SOON))
                        .to(Sinks.into(written)));
        try (running) {
            source.within(context -> context.assigned(List.of("p", "q")));
            feed("p", 0, "stuck");
            Await.until(
                    "a worker is stuck",
                    () -> running.health().reasons().toString().contains("blocks it"));
            source.within(context -> context.assigned(List.of("r", "s"))); // one of them to that worker
            feed("q", 0, "a");
            Await.until("the other partition is committed", () -> source.committed("q") == 1);
            assertThat(written).containsExactly(new Told("a", 1));
            gate.countDown();
        }
    }

    @Test
    void shouldShowInAPreviewWhatWouldBeTold() {
        feed("p", 0, "a", "b", "a").end();

        String table = counting(SOON).to(sink).preview(3).table();

        assertThat(table).contains("Told[key=a, count=1]", "Told[key=b, count=1]", "Told[key=a, count=2]");
        assertThat(store.saves()).isZero();
    }

    private ManualSource<String> feed(String partition, long from, String... values) {
        for (int i = 0; i < values.length; i++) {
            source.feed(partition, from + i, values[i]);
        }
        return source;
    }

    private KeyedStage<String, String> keyed() {
        return Pipeline.named("p").from(source).keyBy(text -> text);
    }

    private Stage<Told> counting(Duration interval) {
        return counting(source, interval);
    }

    private Stage<Told> counting(ManualSource<String> from, Duration interval) {
        return Pipeline.named("p")
                .from(from)
                .keyBy(text -> text)
                .aggregate(Aggregators.counting(), Told::new, kept(interval));
    }

    private Aggregation kept(Duration interval) {
        return Aggregation.keptIn(store).every(interval);
    }

    private static <T> T newest(List<T> list) {
        return list.get(list.size() - 1);
    }

    /** The last that was told of each key. */
    private Map<String, Long> last() {
        Map<String, Long> last = new HashMap<>();
        synchronized (written) {
            written.forEach(told -> last.put(told.key, told.count));
        }
        return last;
    }
}
