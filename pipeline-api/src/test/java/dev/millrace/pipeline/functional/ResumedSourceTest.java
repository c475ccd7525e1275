package dev.millrace.pipeline.functional;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.ResumedSource;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.ManualStore;
import dev.millrace.pipeline.testing.RandomSink;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source without a position of its own goes on where its pipeline stopped. */
@Timeout(120)
class ResumedSourceTest {

    private static final StageOptions ONE_BY_ONE =
            StageOptions.with().ordering(Ordering.UNORDERED).concurrency(1_000).batch(BatchPolicy.upTo(1));

    private final ManualStore store = new ManualStore();
    private final RecordingListener listener = new RecordingListener();
    private final PipelineRunner runner = Runs.runner().listener(listener);

    private Source<String> resumed(Source<String> source) {
        return ResumedSource.of(source, store, value -> value.getBytes(UTF_8));
    }

    private Source<String> resumed(List<String> values) {
        return resumed(Sources.of(values));
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(String::valueOf).toList();
    }

    private List<String> read(Source<String> source) {
        List<String> read = new ArrayList<>();
        Runs.run(runner, Pipeline.named("pipe").from(source).to(Sinks.into(read)));
        return read;
    }

    @Test
    void shouldGoOnBehindWhatIsDoneWhenItStartsAgain() {
        List<String> all = numbers(2_500);

        assertThat(read(resumed(all.subList(0, 1_000)))).isEqualTo(all.subList(0, 1_000));
        assertThat(read(resumed(all.subList(0, 1_000)))).isEmpty();
        assertThat(read(resumed(all))).as("it has grown").isEqualTo(all.subList(1_000, 2_500));
    }

    @Test
    void shouldReadAgainWhatWasNotDone() {
        ManualSink<String> sink = ManualSink.create();
        RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(resumed(numbers(5))).to(sink, ONE_BY_ONE));
        sink.callWith("0").succeed();
        sink.callWith("1").succeed();
        sink.callWith("3").succeed();
        Await.until("three are done", () -> running.stats().recordsDone() == 3);
        running.abandon();
        Runs.awaitEnd(running);

        assertThat(read(resumed(numbers(5)))).containsExactly("2", "3", "4");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldPassOverNothingThatIsNotWrittenWheneverItIsAbandoned(long seed) {
        Random random = new Random(seed);
        List<String> all = numbers(1_000);
        List<String> written = new ArrayList<>();
        boolean isWhole = false;
        while (!isWhole) {
            RandomSink<String> sink = new RandomSink<>(random.nextLong());
            RunningPipeline running = runner.maxInFlight(1 + random.nextInt(50))
                    .start(Pipeline.named("pipe")
                            .from(resumed(all))
                            .to(
                                    sink,
                                    ONE_BY_ONE.retry(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(2))
                                            .maxAttempts(Integer.MAX_VALUE))));
            int enough = 1 + random.nextInt(300); // or it has ended with nothing to read
            Await.until(
                    "some are done",
                    () -> running.stats().recordsDone() >= enough
                            || running.state().isFinal());
            running.abandon();
            Runs.awaitEnd(running);
            sink.written().forEach(record -> written.add(record.value()));
            isWhole = running.stats().recordsRead() == 0;
        }

        assertThat(written).containsAll(all);
    }

    @Test
    void shouldDecodeNothingThatIsPassedOver() {
        read(resumed(numbers(100)));
        List<String> decoded = new ArrayList<>();
        Source<String> raw = resumed(numbers(103));

        read(new DecodedSource<>(raw, record -> {
            decoded.add(record.value());
            return record.value();
        }));

        assertThat(decoded).containsExactly("100", "101", "102");
    }

    @Test
    void shouldFailWhenOtherRecordsHaveThePlaceOfThoseDone() {
        read(resumed(List.of("a", "b", "c")));
        Pipeline changed = Pipeline.named("pipe")
                .from(resumed(List.of("a", "x", "c", "d")))
                .to(Sinks.forEach(value -> {
                    throw new AssertionError(value);
                }));

        PipelineFailedException failure = Runs.runToFailure(
                runner.restart(RetryPolicy.exponential(Duration.ofMillis(1), Duration.ofMillis(1))), changed);

        assertThat(failure.getCause())
                .isInstanceOf(DataLossException.class)
                .hasMessage(
                        "0 has changed: its records up to offset 2 are done, but other records have their place now;"
                                + " put back what it was, or begin anew under another name");
        assertThat(listener.dataLosses)
                .containsExactly(DataLoss.replaced("0", 0, 2, "other records have their place now"));
    }

    @Test
    void shouldFailWhenItEndsBeforeWhatIsDone() {
        read(resumed(List.of("a", "b", "c")));

        PipelineFailedException failure = Runs.runToFailure(
                runner, Pipeline.named("pipe").from(resumed(List.of("a", "b"))).to(Sinks.discard()));

        assertThat(failure.getCause()).hasMessageContaining("up to offset 2 are done, but it ends before them now");
        assertThat(read(resumed(List.of("a", "b", "c", "d"))))
                .as("nothing is forgotten by the failure")
                .containsExactly("d");
    }

    @Test
    void shouldKeepThePositionOfEachPartitionWhateverGapsThereAre() {
        ManualSource<String> first = ManualSource.unpausable();
        first.feed("p", 3, "p3").feed("q", 0, "q0").feed("p", 9, "p9").end();
        assertThat(read(resumed(first))).containsExactlyInAnyOrder("p3", "q0", "p9");

        ManualSource<String> second = ManualSource.unpausable();
        second.feed("r", 0, "r0").feed("q", 0, "q0").feed("q", 5, "q5").end();
        assertThat(read(resumed(second))).as("p is gone, r is new").containsExactlyInAnyOrder("r0", "q5");
    }

    @Test
    void shouldWaitForAStoreThatCannotBeReached() {
        read(resumed(numbers(3)));
        store.fail(new UnavailableException("away")).fail(new UnavailableException("still away"));

        assertThat(read(resumed(numbers(5)))).containsExactly("3", "4");
    }

    @Test
    void shouldSaveLaterWhatCouldNotBeSaved() {
        ManualSink<String> sink = ManualSink.create();
        try (RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(resumed(numbers(2))).to(sink, ONE_BY_ONE))) {
            sink.call(1);
            store.fail(new UnavailableException("away"));
            sink.callWith("0").succeed();
            Await.until("it has been tried", () -> store.saves() > 0);
            sink.callWith("1").succeed();
            Runs.awaitEnd(running);
        }

        assertThat(read(resumed(numbers(3)))).containsExactly("2");
    }

    @Test
    void shouldFailWhenTheStoreCannotWorkAnyMore() {
        ManualSink<String> sink = ManualSink.create();
        RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(resumed(numbers(1))).to(sink, ONE_BY_ONE));
        sink.call(0);
        store.fail(new IllegalStateException("broken"));
        sink.call(0).succeed();

        assertThatThrownBy(() -> Runs.awaitEnd(running)).hasRootCauseMessage("broken");
    }

    @Test
    void shouldReadAllThatThereIsWhenItIsToFinish() {
        ManualSource<String> endless = ManualSource.unpausable();
        IntStream.range(0, 100).forEach(i -> endless.feed("p", i, "value " + i));
        read(resumed(Sources.of("other")));
        store.hold();
        List<String> read = new ArrayList<>();
        RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(resumed(endless)).to(Sinks.into(read)));
        Await.until("it waits for the position", () -> store.loads() == 2);
        running.finish();
        store.release();
        Runs.awaitEnd(running);

        assertThat(read).hasSize(100);
    }

    @Test
    void shouldBeginAtTheBeginningWhenItIsOnlyLookedAt() {
        read(resumed(numbers(3)));
        int loads = store.loads();

        assertThat(Pipeline.named("pipe")
                        .from(resumed(numbers(3)))
                        .to(Sinks.discard())
                        .preview(10)
                        .records())
                .hasSize(3);
        assertThat(store.loads()).isEqualTo(loads);
    }

    @Test
    void shouldSayWhereThePositionIsAndRefuseWhatDecodes() {
        assertThat(resumed(List.of()).describe()).isEqualTo("source, position in state");
        Source<String> decoding = Sources.of("a").decodedBy(record -> record.value());
        assertThatThrownBy(() -> resumed(decoding))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("source must be of raw records, got one that decodes");
        assertThat(Map.of("repeatable", resumed(List.of()).isRepeatable())).containsEntry("repeatable", true);
    }
}
