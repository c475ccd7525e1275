package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.PipelineDefinitionException;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.LogCapture;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a failure that may pass has ended begins anew, if asked for; nothing else does. */
@Timeout(120)
class RestartTest {

    private static final RetryPolicy SOON = RetryPolicy.fixed(Duration.ofMillis(1));
    /** No life lasts as long as its longest delay, after which failures would be counted anew. */
    private static final RetryPolicy SOON_AND_COUNTED =
            new RetryPolicy(3, Duration.ofNanos(1_000), Duration.ofHours(1), 0);

    private static final RetryPolicy MUCH_LATER = RetryPolicy.fixed(Duration.ofHours(1));

    /** Nothing may become of what no record is to blame for. */
    private static final StageOptions LETTERS = StageOptions.with()
            .onFailure(FailurePolicy.deadLetter(Sinks.forEach(letter -> {
                throw new AssertionError("a dead letter of an outage");
            })));

    private final String name = Runs.uniqueName();
    private final ManualSource<String> source = ManualSource.pausable();
    private final ManualSink<String> sink = ManualSink.create();
    private final RecordingListener listener = new RecordingListener();

    @AfterEach
    void shouldLeaveNothingBehind() {
        Await.until(
                () -> "no thread is left of " + Runs.threadsOf(name),
                () -> Runs.threadsOf(name).isEmpty());
        assertThat(sink.closes()).isEqualTo(sink.opens());
    }

    @Test
    void shouldBeginAnewWhenPollingFailsForGood() {
        RunningPipeline running = start(SOON);
        source.feed("p", 0, "a");
        sink.callWith("a").succeed();
        Await.until("it is committed", () -> source.committed("p") == 1);
        IOException cause = new IOException("connection reset");

        source.failPollWith(cause);
        Await.until("it is opened again", () -> sink.opens() == 2);
        source.feed("p", 1, "b");
        sink.callWith("b").succeed();
        running.close();

        assertThat(source.committed("p")).isEqualTo(2);
        assertThat(source.closes()).isEqualTo(2);
        assertThat(listener.restarts).containsExactly(new RecordingListener.Restart(1, Duration.ofMillis(1), cause));
        assertThat(listener.states)
                .containsExactly(PipelineState.RUNNING, PipelineState.DRAINING, PipelineState.STOPPED);
        assertThat(running.failure()).isEmpty();
        assertThat(running.stats().recordsDone()).isEqualTo(2);
        assertThat(running.stats().recordsInFlight()).isZero();
        assertThat(running.stats().stage("to").out()).isEqualTo(2);
    }

    @Test
    void shouldBeginAnewWhenACommitCanNeverSucceed() {
        RunningPipeline running = start(SOON.maxAttempts(Integer.MAX_VALUE));
        source.failCommitsWith(new IllegalStateException("fenced"));
        source.feed("p", 0, "a");
        sink.callWith("a").succeed();
        Await.until("it is opened again", () -> sink.opens() > 1);

        source.failCommitsWith(null);
        source.feed("p", 0, "again");
        sink.callWith("again").succeed();

        running.close();
        assertThat(source.committed("p")).isEqualTo(1);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    @Test
    void shouldFinishWhatIsInFlightBeforeItBeginsAnew() {
        RunningPipeline running = start(SOON);
        source.feed("p", 0, "a");
        ManualSink.Call<String> inFlight = sink.callWith("a");

        failOnce();
        Await.still("it waits for the write", () -> sink.opens() == 1);
        inFlight.succeed();

        Await.until("it is opened again", () -> sink.opens() == 2);
        assertThat(source.committed("p")).isEqualTo(1);
        running.close();
    }

    @Test
    void shouldNotWaitForAWriteThatHangsLongerThanForADrain() {
        RunningPipeline running = Runs.runner()
                .drainTimeout(Duration.ofMillis(30))
                .restart(SOON)
                .start(Pipeline.named(name).from(source).to(sink));
        source.feed("p", 0, "a");
        ManualSink.Call<String> hanging = sink.callWith("a");

        failOnce();
        Await.until("it is opened again", () -> sink.opens() == 2);
        hanging.succeed();
        source.feed("p", 0, "again");
        sink.callWith("again").succeed();

        Await.until("it is committed", () -> source.committed("p") == 1);
        running.close();
        assertThat(running.stats().recordsDone()).isEqualTo(1);
    }

    @Test
    void shouldTryAgainWhenASinkCannotBeOpenedAnew() {
        AtomicInteger opens = new AtomicInteger();
        Sink<String> broken = context -> {
            int open = opens.incrementAndGet();
            if (open == 2 || open == 3) {
                throw new IOException("no such host");
            }
            return sink.open(context);
        };
        try (LogCapture log = new LogCapture()) {
            RunningPipeline running =
                    runner(SOON).start(Pipeline.named(name).from(source).to(broken));

            failOnce();

            Await.until("it is open at last", () -> sink.opens() == 2);
            assertThat(listener.restarts)
                    .extracting(RecordingListener.Restart::failures)
                    .containsExactly(1, 2, 3);
            running.close();
            assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
            assertThat(log.messages(Level.WARNING))
                    .as("which stage it is, and no text of others")
                    .contains("[" + name + "] begins anew in 1 ms after: stage 'to': java.io.IOException");
        }
    }

    @Test
    void shouldEndInFailureWithTheCauseAfterSoManyAttempts() {
        Source<String> failing = context -> timeout -> {
            throw new IOException("connection reset");
        };

        PipelineFailedException failure = Runs.runToFailure(
                runner(SOON_AND_COUNTED), Pipeline.named(name).from(failing).to(sink));

        assertThat(failure.stage()).contains("from");
        assertThat(failure).hasRootCauseMessage("connection reset");
        assertThat(sink.opens()).isEqualTo(3);
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new PipelineDefinitionException("no such topic"),
                new LinkageError("lasting"),
                new OutOfMemoryError("thrown by a test"));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void shouldEndInFailureWhenTheSourceFailsInAWayThatDoesNotPass(Throwable cause) {
        Source<String> failing = context -> timeout -> {
            RestartTest.<RuntimeException>throwSneakily(cause);
            return List.of();
        };

        PipelineFailedException failure = Runs.runToFailure(
                runner(SOON), Pipeline.named(name).from(failing).to(sink));

        assertThat(failure.getCause()).isSameAs(cause);
        assertThat(sink.opens()).isOne();
    }

    @Test
    void shouldEndInFailureWhenARecordIsToBlame() {
        source.feed("p", 0, "a");

        PipelineFailedException failure = Runs.runToFailure(
                runner(SOON),
                Pipeline.named(name)
                        .from(source)
                        .map(value -> {
                            throw new IOException("the record's");
                        })
                        .to(Sinks.discard(), StageOptions.with().onFailure(FailurePolicy.stop())));

        assertThat(failure.stage()).contains("map");
        assertThat(listener.restarts).isEmpty();
    }

    @Test
    void shouldBeginAnewWhenAFunctionCannotReachWhatItNeeds() {
        ManualSink<DeadLetter> letters = ManualSink.create();
        UnavailableException away = new UnavailableException("the registry cannot be reached");
        AtomicBoolean isAway = new AtomicBoolean(true);
        RunningPipeline running = runner(SOON)
                .start(Pipeline.named(name)
                        .from(source)
                        .map(value -> {
                            if (isAway.getAndSet(false)) {
                                throw away;
                            }
                            return value;
                        })
                        .to(sink, StageOptions.with().onFailure(FailurePolicy.deadLetter(letters))));
        source.feed("p", 0, "a");
        Await.until("it is opened again", () -> sink.opens() == 2);
        assertThat(source.committed("p")).isLessThan(1);

        source.feed("p", 0, "again");
        sink.callWith("again").succeed();
        Await.until("it is committed", () -> source.committed("p") == 1);
        running.close();

        assertThat(listener.restarts)
                .singleElement()
                .satisfies(restart -> assertThat(restart.cause())
                        .isInstanceOf(PipelineFailedException.class)
                        .hasMessageContaining("stage 'map' at p@0")
                        .hasMessageContaining("the registry cannot be reached")
                        .hasCause(away));
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(running.stats().stage("map").unavailable()).isOne();
        assertThat(running.stats().stage("map").failed()).isZero();
        assertThat(running.stats().stage("map").deadLettered()).isZero();
    }

    /** Each with the stage that cannot reach what it needs. */
    static Stream<Function<Stage<String>, Stage<?>>> unreachable() {
        return Stream.of(
                stage -> stage.map(
                        value -> {
                            throw away();
                        },
                        LETTERS),
                stage -> stage.filter(
                        value -> {
                            throw away();
                        },
                        LETTERS),
                stage -> stage.flatMap(
                        value -> {
                            throw away();
                        },
                        LETTERS),
                stage -> stage.keyBy(
                        value -> {
                            throw away();
                        },
                        LETTERS),
                stage -> stage.peek(
                        value -> {
                            throw away();
                        },
                        LETTERS),
                stage -> stage.enrich(
                        Enrichers.local(value -> {
                            throw away();
                        }),
                        value -> value,
                        (value, answer) -> value,
                        LETTERS),
                stage -> stage.enrich(
                        Enrichers.blocking(value -> Optional.of(value)),
                        value -> value,
                        (value, answer) -> {
                            throw away();
                        },
                        LETTERS));
    }

    @ParameterizedTest
    @MethodSource("unreachable")
    void shouldEndInFailureWhenAFunctionCannotReachWhatItNeeds(Function<Stage<String>, Stage<?>> verb) {
        source.feed("p", 0, "a");

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(), verb.apply(Pipeline.named(name).from(source)).to(Sinks.discard()));

        assertThat(failure).hasMessageContaining("the registry cannot be reached");
        assertThat(failure.position()).contains(SourcePosition.of("p", 0));
        assertThat(source.committed("p")).isLessThan(1);
    }

    @Test
    void shouldEndInFailureWhenADecoderCannotReachWhatItNeeds() {
        source.feed("p", 0, "a");

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(),
                Pipeline.named(name)
                        .from(
                                new DecodedSource<String, String>(source, record -> {
                                    throw away();
                                }),
                                LETTERS)
                        .to(sink));

        assertThat(failure.stage()).contains("from");
        assertThat(failure).hasMessageContaining("the registry cannot be reached");
    }

    @Test
    void shouldNotStartAtAllWhenASinkCannotBeOpenedAtFirst() {
        Sink<String> broken = context -> {
            throw new IOException("no such host");
        };

        assertThatThrownBy(() ->
                        runner(SOON).start(Pipeline.named(name).from(source).to(broken)))
                .isInstanceOf(PipelineFailedException.class)
                .hasMessageContaining("no such host");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndAtOnceWhenAskedWhileItWaits(boolean isAbandoned) {
        RunningPipeline running = start(MUCH_LATER);
        failOnce();
        Await.until("it waits", () -> listener.restarts.size() == 1);
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
        assertThat(running.explain()).contains("begins anew in ").contains(" ms after: java.io.IOException");

        Consumer<RunningPipeline> how = isAbandoned ? RunningPipeline::abandon : RunningPipeline::drain;
        how.accept(running);

        Runs.awaitEnd(running);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.closes()).isOne();
    }

    @Test
    void shouldStayPausedWhenItBeginsAnew() {
        RunningPipeline running = start(SOON);
        running.pause();
        failOnce();
        Await.until("it is opened again", () -> sink.opens() == 2);
        source.within(context -> context.assigned(List.of("p")));

        Await.until("it is paused", () -> source.isPaused("p"));
        running.close();
    }

    /** As with a thread that dies of it, nobody would ever hear of what a task throws. */
    @Test
    void shouldEndInFailureWhenATaskOfAConnectorThrows() {
        IllegalStateException lost = new IllegalStateException("lost");
        Sink<String> careless = context -> batch -> {
            context.blocking().execute(() -> {
                throw lost;
            });
            return new CompletableFuture<>();
        };
        source.feed("p", 0, "a");

        PipelineFailedException failure = Runs.runToFailure(
                runner(SOON), Pipeline.named(name).from(source).to(careless));

        assertThat(failure.getCause()).isSameAs(lost);
    }

    private RunningPipeline start(RetryPolicy policy) {
        return runner(policy).start(Pipeline.named(name).from(source).to(sink));
    }

    private PipelineRunner runner(RetryPolicy policy) {
        return Runs.runner().restart(policy).listener(listener);
    }

    private static UnavailableException away() {
        return new UnavailableException("the registry cannot be reached");
    }

    private void failOnce() {
        source.failPollWith(new IOException("connection reset"));
    }

    /** Throws what a signature may not allow. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwSneakily(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
