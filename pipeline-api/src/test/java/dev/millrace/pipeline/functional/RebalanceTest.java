package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Partitions that come and go. */
@Timeout(120)
class RebalanceTest {

    private static final List<String> P = List.of("p");
    private static final StageOptions ONE_BY_ONE =
            StageOptions.with().ordering(Ordering.UNORDERED).concurrency(1_000).batch(BatchPolicy.upTo(1));

    private final ManualSource<Integer> source = ManualSource.pausable();
    private final ManualSink<Integer> sink = ManualSink.create();
    private final AtomicReference<Map<String, Long>> returned = new AtomicReference<>();

    @Test
    void shouldDrainARevokedPartitionAndReturnItsFrontier() throws Exception {
        try (RunningPipeline running = start(runner())) {
            source.feed("p", 5, 1).feed("p", 7, 2).feed("q", 0, 3);
            sink.call(2);

            CompletableFuture<Void> revoked = source.later(context -> returned.set(context.revoked(P)));
            sink.callWith(1).succeed();
            Await.still("it waits for the other", () -> !revoked.isDone());
            sink.callWith(2).succeed();
            revoked.get();

            assertThat(returned).hasValue(Map.of("p", 8L));
            sink.callWith(3).succeed();
            Await.until("the other partition goes on", () -> source.committed("q") == 1);
            Runs.awaitExplained(running, text -> !text.contains("  p:") && text.contains("  q:"));
        }
    }

    @Test
    void shouldGiveARevokedPartitionUpAfterTheTimeoutAndIgnoreLateAnswers() {
        try (RunningPipeline running = start(runner().revokeTimeout(Duration.ofMillis(20)))) {
            source.feed("p", 5, 1).feed("p", 6, 2);
            sink.callWith(1).succeed();
            Await.until("the first is done before the time begins to run", () -> source.committed("p") == 6);
            sink.callWith(2);

            source.within(context -> returned.set(context.revoked(P)));

            assertThat(returned).hasValue(Map.of("p", 6L));
            sink.callWith(2).succeed();
            Await.until("it is counted", () -> running.stats().lateAcknowledgements() == 1);
            Await.still("it is not committed", () -> source.committed("p") <= 6);
        }
        assertThat(source.committed("p")).isLessThanOrEqualTo(6);
    }

    @Test
    void shouldCommitNothingOfALostPartition() {
        try (RunningPipeline running = start(runner().commitInterval(Duration.ofMinutes(10)))) {
            source.feed("p", 5, 1).feed("p", 6, 2).feed("q", 0, 3);
            sink.callWith(1).succeed();
            sink.callWith(3).succeed();
            sink.callWith(2);
            Await.until("two are done", () -> running.stats().recordsDone() == 2);

            source.within(context -> context.lost(P));
            sink.callWith(2).succeed();
            Await.until("the late answer is counted", () -> running.stats().lateAcknowledgements() == 1);
        }

        assertThat(source.commits()).containsExactly(Map.of("q", 1L));
    }

    @Test
    void shouldBeginAnewWhenAPartitionIsLostAndAssignedWithinOnePoll() {
        try (RunningPipeline running = start(runner())) {
            source.feed("p", 5, 1);
            sink.callWith(1);
            source.within(context -> {
                context.lost(P);
                context.assigned(P);
                source.feed("p", 5, 2).feed("p", 6, 3);
            });
            sink.callWith(3).succeed();
            sink.callWith(1).succeed();
            Await.until("the late answer is counted", () -> running.stats().lateAcknowledgements() == 1);
            Await.still("the new record holds the frontier", () -> source.committed("p") <= 5);

            sink.callWith(2).succeed();
            Await.until("all of the new ones are done", () -> source.committed("p") == 7);
        }
    }

    @Test
    void shouldBeginAnewWhenAnAssignedPartitionIsAssignedAgain() {
        try (RunningPipeline running = start(runner())) {
            source.feed("p", 5, 1);
            sink.callWith(1);
            source.within(context -> context.assigned(P));
            source.feed("p", 5, 2);

            sink.callWith(2).succeed();
            Await.until("the new one counts", () -> source.committed("p") == 6);
            sink.callWith(1).succeed();
            Await.until("the old one does not", () -> running.stats().lateAcknowledgements() == 1);
            assertThat(running.stats().recordsInFlight()).isZero();
        }
    }

    @Test
    void shouldBearEventsOfPartitionsThatItDoesNotHave() {
        try (RunningPipeline running = start(runner())) {
            source.within(context -> {
                assertThat(context.revoked(List.of("unknown"))).isEmpty();
                context.lost(List.of("unknown"));
                context.assigned(List.of("idle"));
                assertThat(context.revoked(List.of("idle"))).isEmpty();
            });
            assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
        }
        assertThat(source.commits()).isEmpty();
    }

    @Test
    void shouldNotWriteWhatHasNotBegunOfARevokedPartition() {
        // There is room for one more when a poll brings four.
        try (RunningPipeline running = start(runner().workers(1).maxInFlight(16))) {
            feedWithinOnePoll(0, 15);
            sink.call(14);
            feedWithinOnePoll(15, 19);
            sink.call(15);
            Await.until("three wait", () -> running.stats().recordsRead() == 19);

            CompletableFuture<Void> revoked = source.later(context -> returned.set(context.revoked(P)));
            Await.until("they are forgotten", () -> running.stats().recordsRead() == 16);
            for (int i = 0; i < 16; i++) {
                sink.callWith(i).succeed();
            }
            Await.until("it is revoked", revoked::isDone);

            assertThat(returned).hasValue(Map.of("p", 16L));
            source.feed("q", 0, 19);
            sink.callWith(19).succeed();
            assertThat(sink.calls()).isEqualTo(17);
            assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
        }
    }

    @Test
    void shouldKeepANewPartitionPausedWhileThereIsNoRoom() {
        try (RunningPipeline running = start(runner().workers(1).maxInFlight(2))) {
            source.feed("p", 0, 1).feed("p", 1, 2);
            sink.call(1);
            Await.until("it is held back", () -> source.pauses() > 0);

            source.within(context -> context.assigned(List.of("q")));
            awaitPolls(2);
            source.feed("q", 0, 3);
            awaitPolls(2);

            assertThat(source.taken()).isEqualTo(2);
            sink.callWith(1).succeed();
            sink.callWith(2).succeed();
            sink.callWith(3).succeed();
            Await.until("all are done", () -> running.stats().recordsDone() == 3);
        }
    }

    @Test
    void shouldEndTheWaitForARevokedPartitionWhenARecordFails() {
        RunningPipeline running = start(runner().revokeTimeout(Duration.ofMinutes(5)));
        source.feed("p", 0, 1);
        sink.callWith(1);
        CompletableFuture<Void> revoked = source.later(context -> context.revoked(P));
        Await.still("it waits", () -> !revoked.isDone());

        sink.callWith(1).fail(new IllegalStateException("bad"));

        Runs.awaitState(running, PipelineState.FAILED);
        assertThat(source.committed("p")).isLessThanOrEqualTo(0);
    }

    private void feedWithinOnePoll(int from, int to) {
        source.within(context -> {
            for (int i = from; i < to; i++) {
                source.feed("p", i, i);
            }
        });
    }

    private void awaitPolls(int more) {
        int polls = source.polls();
        Await.until("it goes on polling", () -> source.polls() > polls + more);
    }

    @Test
    void shouldForgetAValueThatFailsOnceItsPartitionHasGoneAndWhatItHasOvertaken() {
        Pipeline pipeline = Pipeline.named("pipe")
                .from(source)
                .to(
                        sink,
                        StageOptions.with()
                                .batch(BatchPolicy.of(2, Duration.ofSeconds(1)))
                                .retry(RetryPolicy.fixed(Duration.ofHours(1))));
        try (RunningPipeline running = runner().workers(1)
                .maxInFlight(2)
                .revokeTimeout(Duration.ofMillis(20))
                .start(pipeline)) {
            source.feed("p", 0, 1).feed("p", 1, 2);
            ManualSink.Call<Integer> underWay = sink.callWith(1);
            Await.until("both are read", () -> source.taken() == 2);
            source.within(context -> returned.set(context.revoked(P)));
            underWay.failPartly(Map.of(0, new IllegalStateException()));

            source.feed("q", 0, 3).feed("q", 1, 4);
            sink.callWith(3).succeed();
            sink.callWith(4).succeed();
            Await.until("the other partition is done", () -> source.committed("q") == 2);
            assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
        }
    }

    /** As by a service that asks to be left alone for an hour. */
    private static UnavailableException busy() {
        return new UnavailableException("busy", null, Duration.ofHours(1));
    }

    @Test
    void shouldGiveThePlaceOfAPartitionThatHasGoneToOthersThoughItsValueBacksOffInALookup() {
        Enricher<Integer, Integer> service = context -> key -> {
            if (key == 1) {
                throw busy();
            }
            return CompletableFuture.completedFuture(Optional.of(key));
        };
        Pipeline pipeline = Pipeline.named("pipe")
                .from(source)
                .enrich(service, value -> value, (value, answer) -> value)
                .to(sink);
        assertPlaceIsGiven(pipeline);
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void shouldGiveThePlaceOfAPartitionThatHasGoneToOthersThoughItsValuesBackOffInASink(Ordering ordering) {
        Sink<Integer> service = context -> batch -> {
            if (batch.get(0).value() == 1) {
                throw busy();
            }
            return sink.open(context).write(batch);
        };
        assertPlaceIsGiven(Pipeline.named("pipe")
                .from(source)
                .to(service, StageOptions.with().ordering(ordering).batch(BatchPolicy.upTo(1))));
    }

    private void assertPlaceIsGiven(Pipeline pipeline) {
        RecordingListener listener = new RecordingListener();
        try (RunningPipeline running = runner().workers(1)
                .maxInFlight(2)
                .revokeTimeout(Duration.ofMillis(20))
                .listener(listener)
                .start(pipeline)) {
            source.feed("p", 0, 1).feed("p", 1, 1);
            Await.until("it backs off", () -> !listener.outages.isEmpty());
            // Otherwise the second one would bring the partition back.
            Await.until("both are read", () -> source.taken() == 2);

            source.within(context -> returned.set(context.revoked(P)));
            source.feed("q", 0, 2);

            sink.callWith(2).succeed();
            Await.until("the other partition is done", () -> source.committed("q") == 1);
        }
    }

    private RunningPipeline start(PipelineRunner runner) {
        return runner.start(Pipeline.named("pipe").from(source).to(sink, ONE_BY_ONE));
    }

    private static PipelineRunner runner() {
        return Runs.runner();
    }
}
