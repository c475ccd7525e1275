package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SinksTest {

    private final List<Object> written = new CopyOnWriteArrayList<>();
    private final RecordingListener listener = new RecordingListener();

    @Test
    void shouldHandEachValueToAConsumerInOrderAndOneAtATime() {
        AtomicInteger atOnce = new AtomicInteger();
        List<Integer> most = new CopyOnWriteArrayList<>();

        Runs.run(numbers(200).to(Sinks.forEach(value -> {
            most.add(atOnce.incrementAndGet());
            written.add(value);
            atOnce.decrementAndGet();
        })));

        assertThat(written).hasSize(200).startsWith(0, 1, 2).endsWith(199);
        assertThat(most).containsOnly(1);
    }

    @Test
    void shouldHandEachOtherValueOverOnceWhenOneFails() {
        Runs.run(
                Runs.runner().listener(listener),
                numbers(50)
                        .to(
                                Sinks.forEach(value -> {
                                    assertThat(value).isNotEqualTo(20);
                                    written.add(value);
                                }),
                                StageOptions.with().onFailure(FailurePolicy.skip())));

        assertThat(written).hasSize(49).doesNotHaveDuplicates();
        assertThat(listener.skips).containsExactly(SourcePosition.of("0", 20));
    }

    @Test
    void shouldHandOverBatchesNoLargerThanAsked() {
        List<Integer> sizes = new CopyOnWriteArrayList<>();

        Runs.run(numbers(100)
                .to(
                        Sinks.ofBatches(values -> {
                            sizes.add(values.size());
                            written.addAll(values);
                        }),
                        StageOptions.with().batch(BatchPolicy.of(30, Duration.ofMinutes(5)))));

        assertThat(sizes).containsExactly(30, 30, 30, 10);
        assertThat(written).hasSize(100);
    }

    @Test
    void shouldWriteABatchWhenItsFirstRecordHasWaitedLongEnough() {
        ManualSource<Integer> source = ManualSource.pausable();
        source.feed("p", 0, 1);
        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(source)
                        .to(
                                Sinks.into(written),
                                StageOptions.with().batch(BatchPolicy.of(30, Duration.ofMillis(20)))))) {
            Await.until("it is written", () -> written.contains(1));
            assertThat(running.state().isFinal()).isFalse();
        }
    }

    @Test
    void shouldCallAConsumerSeveralTimesAtOnceWhenAsked() {
        CyclicBarrier three = new CyclicBarrier(3);
        ManualSource<Integer> source = ManualSource.pausable();
        for (int i = 0; i < 9; i++) {
            source.feed("p", i, i);
        }

        Runs.run(Pipeline.named("p")
                .from(source.end())
                .to(
                        Sinks.forEach(value -> three.await(1, TimeUnit.MINUTES)),
                        StageOptions.with()
                                .concurrency(3)
                                .ordering(Ordering.UNORDERED)
                                .batch(BatchPolicy.upTo(1))));

        assertThat(three.isBroken()).isFalse();
    }

    @Test
    void shouldWriteOneBatchAtATimeByDefaultAndManyWhereTheWriterKeepsOrder() {
        ManualSink<Integer> plain = ManualSink.create();
        ManualSink<Integer> pipelined = ManualSink.pipelined();
        StageOptions single = StageOptions.with().batch(BatchPolicy.upTo(1));

        RunningPipeline running =
                Runs.runner().start(numbers(100).alsoTo(plain, single).to(pipelined, single));
        pipelined.call(63);

        Await.still("no more are under way", () -> pipelined.calls() == 64 && plain.calls() == 1);
        running.abandon();
        Runs.awaitEnd(running);
    }

    @Test
    void shouldLetValuesGo() {
        assertThat(Runs.run(numbers(10).to(Sinks.discard())).stats().stage("to").out())
                .isEqualTo(10);
    }

    @Test
    void shouldFailTheRecordWhoseKeyCannotBeHashed() {
        record Unhashable(int value) {
            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }
        }
        StageOptions perKey = StageOptions.with().ordering(Ordering.PER_KEY).onFailure(FailurePolicy.skip());
        Sink<Integer> sink = Sinks.into(written);

        Runs.run(
                Runs.runner().listener(listener),
                numbers(3)
                        .keyBy(value -> value == 1 ? new Unhashable(value) : value)
                        .to(sink, perKey));
        Runs.run(
                Runs.runner().listener(listener),
                numbers(3)
                        .keyBy(value -> value == 1 ? new Unhashable(value) : value)
                        .enrich(
                                Enrichers.<Integer, Integer>blocking(Optional::of),
                                value -> value,
                                (value, answer) -> value,
                                perKey)
                        .to(sink));

        assertThat(written).containsExactlyInAnyOrder(0, 2, 0, 2);
        assertThat(listener.skips).hasSize(2);
    }

    private static Stage<Integer> numbers(int count) {
        return Pipeline.named("p")
                .from(Sources.of(IntStream.range(0, count).boxed().toList()));
    }
}
