package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing grows without bound, however slow the sink. */
class BackPressureTest {

    private static final int BOUND = 100;
    private static final StageOptions ONE_BY_ONE =
            StageOptions.with().ordering(Ordering.UNORDERED).concurrency(10_000).batch(BatchPolicy.upTo(1));

    private final ManualSink<Integer> sink = ManualSink.create();
    private final PipelineRunner runner =
            Runs.runner().workers(1).maxInFlight(BOUND).commitInterval(Duration.ofSeconds(10));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeNoMoreThanTheBoundAndOnePoll(boolean isPausable) {
        ManualSource<Integer> source = fed(isPausable, 1_000, 0);
        RunningPipeline running = runner.start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE));

        sink.call(BOUND - 1);
        Await.still("it takes no more", () -> source.taken() <= 2 * BOUND);

        for (int i = 0; i < 1_000; i++) {
            assertThat(source.taken()).isLessThanOrEqualTo(i + 2 * BOUND);
            sink.callWith(i).succeed();
        }
        Runs.awaitEnd(running);
        assertThat(source.committed("p")).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoOnReadingOnlyWhenHalfIsDone(boolean isPausable) {
        ManualSource<Integer> source = fed(isPausable, 1_000, 0);
        RunningPipeline running =
                runner.workers(1).start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE));
        sink.call(BOUND - 1);
        Await.still("it is full", () -> source.taken() == BOUND);

        for (int i = 0; i < BOUND / 2 - 1; i++) {
            sink.callWith(i).succeed();
        }
        Await.still("it is still full", () -> source.taken() == BOUND);
        sink.callWith(BOUND / 2).succeed();
        sink.callWith(BOUND / 2 + 1).succeed();

        Await.until("it goes on", () -> source.taken() > BOUND);
        running.abandon();
        Runs.awaitEnd(running);
    }

    /** Also where one of two workers has all there is: the source is woken long before the next commit. */
    @ParameterizedTest
    @CsvSource({"true, 1", "false, 1", "true, 2", "false, 2"})
    void shouldGoOnReadingOnceThereIsRoomForTwoPollsWhereThatIsLessThanHalf(boolean isPausable, int workers) {
        int bound = 3_000;
        int room = 1_000;
        ManualSource<Integer> source = fed(isPausable, 2 * bound, 0);
        RunningPipeline running = Runs.runner()
                .workers(workers)
                .maxInFlight(bound)
                .commitInterval(Duration.ofMinutes(10))
                .start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE));
        Await.until("it is full", () -> source.taken() == bound);

        for (int i = 0; i < room; i++) {
            sink.callWith(i).succeed();
        }
        Await.still("it is still full", () -> source.taken() == bound);
        sink.callWith(room).succeed();

        Await.until("it goes on", () -> source.taken() > bound);
        running.abandon();
        Runs.awaitEnd(running);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeNoMoreBytesThanTheBoundAndOnePoll(boolean isPausable) {
        ManualSource<Integer> source = fed(isPausable, 1_000, 1_000);
        RunningPipeline running = Runs.runner()
                .maxInFlightBytes(1_000)
                .start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE));

        sink.call(499);
        Await.still("it takes no more than a poll", () -> source.taken() == 500);

        for (int i = 0; i < 1_000; i++) {
            sink.callWith(i).succeed();
        }
        Runs.awaitEnd(running);
    }

    @Test
    void shouldHoldAsManyValuesAsTheBoundWhenOneRecordMakesMany() {
        ManualSource<Integer> source = fed(true, 1_000, 0);
        AtomicInteger begun = new AtomicInteger();
        RunningPipeline running = runner.start(Pipeline.named("p")
                .from(source)
                .flatMap(value -> {
                    begun.incrementAndGet();
                    return IntStream.range(0, 30).boxed().toList();
                })
                .to(sink, ONE_BY_ONE));

        sink.call(BOUND - 1);
        Await.still("it begins no more records", () -> begun.get() == BOUND / 30 + 1);
        assertThat(sink.calls()).isLessThan(BOUND + 30);
        running.abandon();
        Runs.awaitEnd(running);
    }

    @Test
    void shouldNotReadOnWithoutEndBehindARecordThatIsStuck() {
        AtomicInteger generated = new AtomicInteger();
        AtomicBoolean isStuck = new AtomicBoolean();
        CompletableFuture<WriteResult> never = new CompletableFuture<>();
        Sink<Integer> stuckOnce =
                context -> batch -> isStuck.compareAndSet(false, true) ? never : WriteResult.alreadyWritten();

        try (RunningPipeline running = Runs.runner()
                .start(Pipeline.named("p")
                        .from(Sources.generate(generated::incrementAndGet))
                        .to(
                                stuckOnce,
                                StageOptions.with().ordering(Ordering.UNORDERED).concurrency(2)))) {
            Await.until("it has read far ahead", () -> generated.get() >= 200_000);
            Await.still("it reads no more", Duration.ofMillis(800), () -> generated.get() < 300_000);
            never.complete(WriteResult.written());
            Await.until("it reads on", () -> generated.get() > 300_000);
            running.drain();
        }
    }

    /** Where it comes to a stop. */
    enum Stuck {
        FUNCTION,
        LOOKUP,
        WRITE
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnWithAllOtherPartitionsThoughOneNeverGoesOn(Stuck where) {
        ManualSource<String> source = ManualSource.pausable();
        for (int i = 0; i < 5_000; i++) {
            for (String partition : List.of("stuck", "a", "b", "c")) {
                source.feed(partition, i, partition);
            }
        }
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger written = new AtomicInteger();
        ThrowingFunction<String, String> blocking = value -> {
            if (where == Stuck.FUNCTION && value.equals("stuck")) {
                end.await();
            }
            return value;
        };
        Enricher<String, String> asking = Enrichers.async(key -> where == Stuck.LOOKUP && key.equals("stuck")
                ? new CompletableFuture<>()
                : CompletableFuture.completedStage(Optional.of(key)));
        Sink<String> writing = context -> batch -> {
            if (where == Stuck.WRITE && batch.get(0).value().equals("stuck")) {
                return new CompletableFuture<>();
            }
            written.addAndGet(batch.size());
            return WriteResult.alreadyWritten();
        };
        RunningPipeline running = Runs.runner()
                .workers(4)
                .maxInFlight(1_000)
                .start(Pipeline.named("p")
                        .from(source)
                        .map(blocking)
                        .enrich(
                                asking,
                                value -> value,
                                (value, answer) -> value,
                                StageOptions.with().concurrency(1_000))
                        .to(writing, StageOptions.with().concurrency(4)));

        Await.until("the others are written", () -> written.get() == 3 * 5_000);

        end.countDown();
        running.abandon();
        Runs.awaitEnd(running);
    }

    @Test
    void shouldShareAllOfTheBoundAmongPartitionsButForAPollEach() {
        ManualSource<Integer> source = ManualSource.pausable();
        for (int i = 0; i < 5_000; i++) {
            for (String partition : List.of("a", "b", "c", "d")) {
                source.feed(partition, i, i);
            }
        }
        RunningPipeline running = runner.maxInFlight(8_000)
                .start(Pipeline.named("p").from(source).to(context -> batch -> new CompletableFuture<>()));

        Await.until("each has its share of 1,500", () -> source.taken() >= 4 * 1_500);
        Await.still("no more than the bound", () -> source.taken() <= 8_000);

        running.abandon();
        Runs.awaitEnd(running);
    }

    private static ManualSource<Integer> fed(boolean isPausable, int records, int bytes) {
        ManualSource<Integer> source = isPausable ? ManualSource.pausable() : ManualSource.unpausable();
        for (int i = 0; i < records; i++) {
            source.feed(PipelineRecord.of(i, "p", i).withSize(bytes));
        }
        return source.end();
    }
}
