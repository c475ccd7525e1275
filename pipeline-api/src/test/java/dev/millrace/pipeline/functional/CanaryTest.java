package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.Headers;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.LogCapture;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant I8: no payload and no secret in a log, a metric, a thread's name or a message. Key, value, headers and
 * whatever user code throws hold canaries; everything else that a pipeline shows of itself is searched for them.
 */
class CanaryTest {

    private static final String CANARY = "CANARY";

    private final String name = Runs.uniqueName();
    private final LogCapture log = new LogCapture();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ManualSource<String> source = ManualSource.pausable();
    private final Queue<String> shown = new ConcurrentLinkedQueue<>();
    private final PipelineRunner runner =
            Runs.runner().listener(PipelineMetrics.to(registry)).listener(new Observer());

    /** Looks at what there is to see in each state, and then fails with a canary too. */
    private final class Observer implements PipelineListener {

        @Override
        public void onStateChange(RunningPipeline running, PipelineState state) {
            look(running);
            throw failure();
        }

        @Override
        public void onDeadLetter(DeadLetter letter) {
            show(
                    letter,
                    letter.original(),
                    letter.original().headers(),
                    letter.original().position());
        }
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void shouldShowNoPayloadWhenDecodingFails() {
        feed(3);
        runToTheEnd(Pipeline.named(name)
                .from(source.decodedBy(raw -> {
                    throw failure();
                }))
                .to(Sinks.discard(), deadLettered()));
        assertToldOf("becomes a dead letter after 1 attempt: java.lang.IllegalStateException", "a listener failed");
    }

    @Test
    void shouldShowNoPayloadWhenFunctionsFail() {
        feed(3);
        runToTheEnd(stage().map(
                        value -> {
                            throw new StackOverflowError(CANARY + value);
                        },
                        StageOptions.with().onFailure(FailurePolicy.skip()))
                .to(Sinks.discard()));
        assertToldOf("skipped: java.lang.StackOverflowError");
    }

    @Test
    void shouldShowNoPayloadWhenAFunctionEndsThePipeline() {
        feed(3);
        runToTheEnd(stage().filter(value -> {
                    throw failure();
                })
                .to(Sinks.discard()));
        assertToldOf("FAILED at canary-free@0");
    }

    @Test
    void shouldShowNoPayloadWhenLookupsFail() {
        feed(3);
        AtomicInteger finds = new AtomicInteger();
        runToTheEnd(stage().enrich(
                        Enrichers.<String, String>async(key -> switch (finds.incrementAndGet() % 3) {
                            case 0 -> throw failure();
                            case 1 -> CompletableFuture.failedFuture(failure());
                            default -> CompletableFuture.failedFuture(new UnavailableException("away", failure()));
                        }),
                        value -> value,
                        (value, found) -> value,
                        deadLettered())
                .enrich(
                        Enrichers.<String, String>local(key -> {
                            throw failure();
                        }),
                        value -> value,
                        (value, found) -> value)
                .to(Sinks.discard()));
        assertToldOf("failed at attempt 1: java.lang.IllegalStateException", "after 3 attempts", "unavailable");
    }

    @Test
    void shouldShowNoPayloadWhenWritesFail() {
        feed(4);
        Sink<String> sink = context -> batch -> batch.size() > 1
                ? CompletableFuture.completedFuture(WriteResult.failed(Map.of(0, failure(), 1, refusal())))
                : CompletableFuture.failedFuture(failure());
        runToTheEnd(stage().alsoTo(failing(new UnavailableException("away", failure())), deadLettered())
                .to(sink, deadLettered()));
        assertToldOf("becomes a dead letter after 3 attempts", "unavailable, next attempt in");
    }

    @Test
    void shouldShowNoPayloadWhenADeadLetterCannotBeStored() {
        feed(2);
        Sink<DeadLetter> store = context -> batch -> CompletableFuture.failedFuture(refusal());
        runToTheEnd(stage().map(
                        value -> {
                            throw failure();
                        },
                        StageOptions.with().onFailure(FailurePolicy.deadLetter(store)))
                .to(Sinks.discard()));
        assertToldOf("|dead-letters] FAILED at");
    }

    @Test
    void shouldShowNoPayloadWhenTheSourceFails() {
        feedWithoutEnd(1);
        source.lag(null);
        try (RunningPipeline running = runner.start(stage().to(Sinks.discard()))) {
            Await.until("it is done", () -> running.stats().recordsDone() == 1);
            Await.until("it has been asked how much there is", () -> isTold("lag is not known"));
            CompletableFuture<Void> poll = source.later(context -> {
                throw failure();
            });
            Runs.awaitState(running, PipelineState.FAILED);
            assertThat(poll).isCompletedExceptionally();
            running.close();
            look(running);
        }
        assertToldOf("|from] FAILED: java.lang.IllegalStateException", "lag is not known");
    }

    @Test
    void shouldShowNoPayloadWhenACommitFails() {
        feed(1);
        source.failCommitsWith(failure());
        runToTheEnd(stage().to(Sinks.discard()));
        assertToldOf("|from] FAILED: java.lang.IllegalStateException");
    }

    @Test
    void shouldShowNoPayloadWhenClosingFails() {
        feed(1);
        Sink<String> sink = context -> new SinkWriter<>() {
            @Override
            public CompletionStage<WriteResult> write(List<PipelineRecord<String>> batch) {
                show(batch);
                return WriteResult.alreadyWritten();
            }

            @Override
            public void close() {
                throw failure();
            }
        };
        runToTheEnd(stage().enrich(
                        context -> new Lookup<String, String>() {
                            @Override
                            public CompletionStage<Optional<String>> find(String key) {
                                return CompletableFuture.completedFuture(Optional.of(CANARY));
                            }

                            @Override
                            public void close() {
                                throw failure();
                            }
                        },
                        value -> value,
                        (value, found) -> value)
                .to(sink));
        assertToldOf("closing failed: java.lang.IllegalStateException");
    }

    private Stage<String> stage() {
        return Pipeline.named(name).from(source);
    }

    private void feed(int records) {
        feedWithoutEnd(records);
        source.end();
    }

    private void feedWithoutEnd(int records) {
        for (int i = 0; i < records; i++) {
            source.feed(PipelineRecord.of(CANARY + "-value-" + i, "canary-free", i)
                    .withKey(CANARY + "-key-" + i)
                    .withHeaders(Headers.none().with("header", CANARY + "-header"))
                    .withTimestamp(1_000 + i));
        }
    }

    private static IllegalStateException failure() {
        return new IllegalStateException(CANARY + " was refused", new IllegalArgumentException(CANARY));
    }

    private static RefusedRecordException refusal() {
        return new RefusedRecordException("refused", failure());
    }

    /** Fails the first two times. */
    private static Sink<String> failing(Exception failure) {
        AtomicInteger calls = new AtomicInteger();
        return context -> batch ->
                calls.incrementAndGet() > 2 ? WriteResult.alreadyWritten() : CompletableFuture.failedFuture(failure);
    }

    private static StageOptions deadLettered() {
        return StageOptions.with()
                .retry(RetryPolicy.fixed(Duration.ofMillis(1)).maxAttempts(3))
                .onFailure(FailurePolicy.deadLetter(Sinks.discard()));
    }

    private void runToTheEnd(Pipeline pipeline) {
        show(pipeline, pipeline.describe(), pipeline.graph(), runner);
        RunningPipeline running = runner.start(pipeline);
        Await.until(running::explain, () -> {
            look(running);
            return running.state().isFinal();
        });
        running.close();
        look(running);
    }

    private void look(RunningPipeline running) {
        show(running, running.explain(), running.stats(), running.pipeline());
        running.failure().ifPresent(failure -> show(failure, failure.getMessage()));
        registry.getMeters().forEach(meter -> show(meter.getId()));
        Runs.threadsOf(name).forEach(this::show);
    }

    private void show(Object... things) {
        for (Object thing : things) {
            shown.add(String.valueOf(thing));
        }
    }

    private boolean isTold(String event) {
        return log.lines().stream().anyMatch(line -> line.text().contains(event));
    }

    private void assertToldOf(String... events) {
        List<String> lines = log.lines().stream().map(LogCapture.Line::text).toList();
        assertThat(lines).noneMatch(line -> line.contains(CANARY)).allMatch(line -> line.contains("[" + name));
        for (String event : events) {
            assertThat(lines).anyMatch(line -> line.contains(event));
        }
        assertThat(shown)
                .noneMatch(text -> text.contains(CANARY))
                .anyMatch(text -> text.contains("millrace.pipeline.read"))
                .anyMatch(text -> text.startsWith("millrace-" + name))
                .anyMatch(text -> text.startsWith("PipelineStats["));
    }
}
