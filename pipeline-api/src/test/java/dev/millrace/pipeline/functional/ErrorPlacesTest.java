package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where code that is not the engine's is called beside the functions of stages, whatever it throws is seen to as well.
 */
@Timeout(120)
class ErrorPlacesTest {

    private static final List<Throwable> FAILURES = List.of(
            new IllegalStateException("secret"),
            new StackOverflowError(),
            new NoClassDefFoundError("secret"),
            UserFailureTest.threadDeath(),
            new AssertionError("secret"),
            new IOException("secret"));

    /** What of a decoder throws. */
    enum Part {
        KEY,
        VALUE
    }

    /** What of a listener throws. */
    enum Callback {
        STATE_CHANGE,
        WRITTEN,
        RETRY,
        UNAVAILABLE,
        SKIP,
        DEAD_LETTER,
        DATA_LOSS,
        RESTART,
        PARTITIONS
    }

    private final ManualSource<String> source = ManualSource.pausable();
    private final Set<Callback> called = ConcurrentHashMap.newKeySet();
    private final List<Object> written = Collections.synchronizedList(new ArrayList<>());

    static Stream<Throwable> failures() {
        return FAILURES.stream();
    }

    static Stream<Arguments> partsAndFailures() {
        return Stream.of(Part.values()).flatMap(part -> failures().map(failure -> arguments(part, failure)));
    }

    static Stream<Arguments> callbacksAndFailures() {
        return Stream.of(Callback.values())
                .flatMap(callback -> failures().map(failure -> arguments(callback, failure)));
    }

    @ParameterizedTest
    @MethodSource("partsAndFailures")
    void shouldBlameTheRecordWhenADecoderThrows(Part part, Throwable thrown) {
        feed();
        Stage<String> stage = Pipeline.named("pipe").from(source.decodedBy(decoder(part, thrown)));

        Runs.run(stage.to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.skip())));

        assertThat(written).containsExactly("good", "better");
        assertThat(source.committed("p")).isEqualTo(13);
    }

    @ParameterizedTest
    @MethodSource("partsAndFailures")
    void shouldNameThePlaceWhenADecoderThrows(Part part, Throwable thrown) {
        feed();

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(),
                Pipeline.named("pipe")
                        .from(source.decodedBy(decoder(part, thrown)))
                        .to(Sinks.into(written)));

        assertThat(failure.stage()).contains("from");
        assertThat(failure.position()).contains(SourcePosition.of("p", 11));
        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(source.committed("p")).isLessThanOrEqualTo(11);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCommitNothingWhenMemoryIsOutInADecoder(Part part) {
        feed();
        OutOfMemoryError thrown = new OutOfMemoryError("thrown by a test");

        PipelineFailedException failure = Runs.runToFailure(
                committingAtTheEnd(),
                Pipeline.named("pipe")
                        .from(source.decodedBy(decoder(part, thrown)))
                        .to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.skip())));

        assertFatal(failure, thrown);
    }

    /** It waits for the back-off of the store's attempts. */
    @ParameterizedTest
    @MethodSource("failures")
    @Execution(ExecutionMode.CONCURRENT)
    void shouldEndInFailureBeforeTheRecordWhenItsDeadLetterCannotBeStored(Throwable thrown) {
        feed();

        PipelineFailedException failure =
                Runs.runToFailure(Runs.runner(), failingAtBad(FailurePolicy.deadLetter(throwing(thrown))));

        assertThat(failure.stage()).contains("dead-letters");
        assertThat(failure.position()).contains(SourcePosition.of("p", 11));
        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(source.committed("p")).isLessThanOrEqualTo(11);
    }

    /** It waits for the back-off of the store's attempts. */
    @ParameterizedTest
    @MethodSource("failures")
    @Execution(ExecutionMode.CONCURRENT)
    void shouldEndInFailureBeforeTheRecordWhenItsDeadLetterIsRefusedLater(Throwable thrown) {
        feed();
        Sink<DeadLetter> store = context -> batch -> CompletableFuture.failedFuture(thrown);

        PipelineFailedException failure =
                Runs.runToFailure(Runs.runner(), failingAtBad(FailurePolicy.deadLetter(store)));

        assertThat(failure.stage()).contains("dead-letters");
        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(source.committed("p")).isLessThanOrEqualTo(11);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldEndInFailureWhenTheSourceThrows(Throwable thrown) {
        source.later(context -> ErrorPlacesTest.<RuntimeException>throwSneakily(thrown))
                .exceptionally(expected -> null);

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(), Pipeline.named("pipe").from(source).to(Sinks.into(written)));

        assertThat(failure.stage()).contains("from");
        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(source.closes()).isOne();
    }

    @ParameterizedTest
    @MethodSource("callbacksAndFailures")
    void shouldGoOnWhenAListenerThrows(Callback callback, Throwable thrown) {
        PipelineRunner runner = feedFor(callback, Runs.runner()).listener(listener(callback, thrown));

        Runs.run(runner, withEveryEvent());

        assertThat(called).contains(callback);
        assertThat(written).containsExactly("good", "better");
        assertThat(source.committed("p")).isEqualTo(13);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndInFailureWithoutACommitWhenMemoryIsOutInAListener(Callback callback) {
        OutOfMemoryError thrown = new OutOfMemoryError("thrown by a test");
        PipelineRunner runner = feedFor(callback, committingAtTheEnd()).listener(listener(callback, thrown));

        RunningPipeline running = runner.start(withEveryEvent());

        Runs.awaitState(running, PipelineState.FAILED);
        assertFatal(running.failure().orElseThrow(), thrown);
    }

    @ParameterizedTest
    @EnumSource(FatalPlace.class)
    void shouldEndInFailureWithoutACommitWhenMemoryIsOutElsewhere(FatalPlace place) {
        feed();
        OutOfMemoryError thrown = new OutOfMemoryError("thrown by a test");
        Pipeline pipeline = switch (place) {
            case STORE -> failingAtBad(FailurePolicy.deadLetter(throwing(thrown)));
            case LATE_STORE ->
                failingAtBad(FailurePolicy.deadLetter(context -> batch -> CompletableFuture.failedFuture(thrown)));
            case POLL -> {
                source.later(context -> ErrorPlacesTest.<RuntimeException>throwSneakily(thrown))
                        .exceptionally(expected -> null);
                yield Pipeline.named("pipe").from(source).to(Sinks.into(written));
            }
            case TASK ->
                Pipeline.named("pipe").from(source).to(context -> batch -> {
                    context.blocking().execute(() -> {
                        throw thrown;
                    });
                    return new CompletableFuture<>();
                });
        };

        assertFatal(Runs.runToFailure(committingAtTheEnd(), pipeline), thrown);
    }

    /** Where memory runs out. */
    enum FatalPlace {
        STORE,
        LATE_STORE,
        POLL,
        TASK
    }

    private void assertFatal(PipelineFailedException failure, Throwable thrown) {
        assertThat(failure.getCause()).isSameAs(thrown);
        assertThat(source.commits()).isEmpty();
        assertThat(source.closes()).isOne();
    }

    private void feed() {
        source.feed("p", 10, "good")
                .feed("p", 11, "bad")
                .feed("p", 12, "better")
                .end();
    }

    /** Has the first poll tell of a loss, and fail where a restart is asked for, before there are records. */
    private PipelineRunner feedFor(Callback callback, PipelineRunner runner) {
        DataLoss loss = DataLoss.between("p", 0, 9, "expired");
        source.later(context -> context.dataLost(List.of(loss))).exceptionally(thrown -> null);
        if (callback == Callback.RESTART) {
            source.failPollWith(new IOException("once"));
        }
        feed();
        return runner.restart(RetryPolicy.fixed(Duration.ofMillis(1)));
    }

    private static PipelineRunner committingAtTheEnd() {
        return Runs.runner().commitInterval(Duration.ofHours(1));
    }

    private static Decoder<String, String> decoder(Part part, Throwable thrown) {
        return new Decoder<>() {
            @Override
            public String decode(PipelineRecord<String> raw) {
                return fail(Part.VALUE, raw);
            }

            @Override
            public Object decodeKey(PipelineRecord<String> raw) {
                return fail(Part.KEY, raw);
            }

            private String fail(Part asked, PipelineRecord<String> raw) {
                if (asked == part && raw.value().equals("bad")) {
                    ErrorPlacesTest.<RuntimeException>throwSneakily(thrown);
                }
                return raw.value();
            }
        };
    }

    private static <T> Sink<T> throwing(Throwable thrown) {
        return context -> batch -> {
            ErrorPlacesTest.<RuntimeException>throwSneakily(thrown);
            return new CompletableFuture<>();
        };
    }

    private Pipeline failingAtBad(FailurePolicy policy) {
        return Pipeline.named("pipe")
                .from(source)
                .map(ErrorPlacesTest::refuseBad)
                .to(Sinks.into(written), StageOptions.with().onFailure(policy));
    }

    private static String refuseBad(String value) throws IOException {
        if (value.equals("bad")) {
            throw new IOException("bad");
        }
        return value;
    }

    /** In it a value is skipped, one is dead-lettered, and there are retries and outages. */
    private Pipeline withEveryEvent() {
        List<Throwable> first = Collections.synchronizedList(
                new ArrayList<>(List.of(new IllegalStateException("once"), new UnavailableException("once"))));
        StageOptions soon =
                StageOptions.with().batch(BatchPolicy.upTo(1)).retry(RetryPolicy.fixed(Duration.ofMillis(1)));
        Sink<String> unsteady = context -> {
            var writer = Sinks.into(written).open(context);
            return batch -> {
                if (!first.isEmpty()) {
                    return CompletableFuture.failedFuture(first.remove(0));
                }
                List<PipelineRecord<Object>> records = new ArrayList<>();
                batch.forEach(record -> records.add(record.withValue(record.value())));
                return writer.write(records);
            };
        };
        return Pipeline.named("pipe")
                .from(source)
                .alsoTo(
                        context -> batch -> CompletableFuture.failedFuture(new IOException("always")),
                        StageOptions.with().onFailure(FailurePolicy.skip()))
                .map(
                        ErrorPlacesTest::refuseBad,
                        StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .to(unsteady, soon);
    }

    private PipelineListener listener(Callback place, Throwable thrown) {
        return new PipelineListener() {
            private void fail(Callback asked) {
                called.add(asked);
                if (asked == place) {
                    ErrorPlacesTest.<RuntimeException>throwSneakily(thrown);
                }
            }

            @Override
            public void onStateChange(String pipeline, PipelineState state) {
                fail(Callback.STATE_CHANGE);
            }

            @Override
            public void onWritten(String pipeline, String stage, List<PipelineRecord<?>> records) {
                fail(Callback.WRITTEN);
            }

            @Override
            public void onRetry(String pipeline, String stage, SourcePosition record, int attempts, Throwable cause) {
                fail(Callback.RETRY);
            }

            @Override
            public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
                fail(Callback.UNAVAILABLE);
            }

            @Override
            public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
                fail(Callback.SKIP);
            }

            @Override
            public void onDeadLetter(DeadLetter letter) {
                fail(Callback.DEAD_LETTER);
            }

            @Override
            public void onDataLoss(String pipeline, String stage, DataLoss loss) {
                fail(Callback.DATA_LOSS);
            }

            @Override
            public void onRestart(String pipeline, int failures, Duration delay, Throwable cause) {
                fail(Callback.RESTART);
            }

            @Override
            public void onPartitionsChange(RunningPipeline running, Set<String> partitions) {
                fail(Callback.PARTITIONS);
            }
        };
    }

    /** Also what is checked and not declared, as other languages do. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwSneakily(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
