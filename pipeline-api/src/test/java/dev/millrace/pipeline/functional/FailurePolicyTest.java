package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.Headers;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailurePolicyTest {

    private final ManualSource<String> source = ManualSource.pausable();
    private final ManualSink<DeadLetter> store = ManualSink.create();
    private final RecordingListener listener = new RecordingListener();
    private final PipelineRunner runner = Runs.runner().listener(listener);
    private final List<Object> written = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldStopAtTheRecordByDefault() {
        source.feed("p", 0, "1").feed("p", 1, "bad").feed("p", 2, "3").end();

        PipelineFailedException failure = Runs.runToFailure(runner, numbers().to(Sinks.into(written)));

        assertThat(failure.pipeline()).isEqualTo("pipe");
        assertThat(failure.stage()).contains("map");
        assertThat(failure.position()).contains(SourcePosition.of("p", 1));
        assertThat(failure).hasMessageNotContaining("secret");
        assertThat(source.committed("p")).isEqualTo(1);
    }

    @Test
    void shouldSkipAndTellWhenAsked() {
        source.feed("p", 0, "1").feed("p", 1, "bad").feed("p", 2, "3").end();

        RunningPipeline running = Runs.run(
                runner, numbers().to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.skip())));

        assertThat(written).containsExactly(1, 3);
        assertThat(running.stats().skipped()).isOne();
        assertThat(running.stats().stage("map").failed()).isOne();
        assertThat(listener.skips).containsExactly(SourcePosition.of("p", 1));
        assertThat(source.committed("p")).isEqualTo(3);
    }

    @Test
    void shouldPreferTheStagesOwnPolicyToThatOfTheEnd() {
        source.feed("p", 0, "bad").feed("p", 1, "2").end();

        Runs.run(
                runner,
                Pipeline.named("pipe")
                        .from(source)
                        .map(FailurePolicyTest::parsed, StageOptions.with().onFailure(FailurePolicy.skip()))
                        .to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.stop())));

        assertThat(written).containsExactly(2);
        assertThat(listener.skips).hasSize(1);
    }

    @Test
    void shouldStoreTheRecordAsItWasRead() {
        PipelineRecord<String> raw = PipelineRecord.of("bad", "p", 7)
                .withKey("key")
                .withTimestamp(5)
                .withHeaders(Headers.none().with("h", "x"));
        source.feed(raw).end();

        try (RunningPipeline running = runner.start(Pipeline.named("pipe")
                .from(source.decodedBy(record -> record.value() + "!"))
                .keyBy(value -> "other")
                .map(FailurePolicyTest::parsed)
                .to(Sinks.into(written), toStore()))) {
            PipelineRecord<DeadLetter> stored = store.call(0).batch().get(0);

            assertThat(stored.key()).isEqualTo("key");
            assertThat(stored.headers()).isEqualTo(raw.headers());
            assertThat(stored.position()).isEqualTo(raw.position());
            DeadLetter letter = stored.value();
            assertThat(letter.original()).isSameAs(raw);
            assertThat(letter.pipeline()).isEqualTo("pipe");
            assertThat(letter.stage()).isEqualTo("map");
            assertThat(letter.cause()).isInstanceOf(NumberFormatException.class);
            assertThat(letter.attempts()).isOne();
            assertThat(listener.deadLetters).containsExactly(letter);

            store.call(0).succeed();
            Runs.awaitEnd(running);
            assertThat(running.stats().deadLetters()).isOne();
        }
    }

    @Test
    void shouldNotMoveTheFrontierBeforeTheDeadLetterIsStored() {
        source.feed("p", 0, "1").feed("p", 1, "bad").feed("p", 2, "3");

        try (RunningPipeline running = runner.start(numbers().to(Sinks.into(written), toStore()))) {
            ManualSink.Call<DeadLetter> storing = store.call(0);
            Await.until("the others are written", () -> written.contains(3));
            Await.until("the frontier is there", () -> source.committed("p") == 1);
            Await.still("the frontier is there", () -> source.committed("p") == 1);

            storing.succeed();

            Await.until("the frontier has moved", () -> source.committed("p") == 3);
            assertThat(running.stats().stage("map").failed()).isOne();
        }
    }

    static Stream<FailurePolicy> policiesThatPassOverARecord() {
        return Stream.of(FailurePolicy.skip(), FailurePolicy.deadLetter(ManualSink.create()));
    }

    @ParameterizedTest
    @MethodSource("policiesThatPassOverARecord")
    void shouldFailWhateverThePolicyWhenAWriterCanWorkNoMore(FailurePolicy policy) {
        source.feed("p", 0, "1").feed("p", 1, "2").feed("p", 2, "3").end();
        ManualSink<Integer> sink = ManualSink.create();

        try (RunningPipeline running = runner.start(
                numbers().to(sink, StageOptions.with().onFailure(policy).retry(RetryPolicy.forever())))) {
            sink.call(0).fail(new StageFailedException("the table is gone"));
            Runs.awaitState(running, PipelineState.FAILED);

            PipelineFailedException failure = running.failure().orElseThrow();
            assertThat(failure.stage()).contains("to");
            assertThat(failure.position()).contains(SourcePosition.of("p", 0));
            assertThat(failure).hasCauseInstanceOf(StageFailedException.class);
        }
        assertThat(source.committed("p")).isNotPositive();
        assertThat(listener.skips).isEmpty();
        assertThat(listener.deadLetters).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("policiesThatPassOverARecord")
    void shouldFailWhateverThePolicyWhenALookupCanWorkNoMore(FailurePolicy policy) {
        source.feed("p", 0, "1").end();

        PipelineFailedException failure = Runs.runToFailure(
                runner,
                Pipeline.named("pipe")
                        .from(source)
                        .enrich(
                                Enrichers.<String, String>async(key ->
                                        CompletableFuture.failedFuture(new StageFailedException("the right to it"))),
                                value -> value,
                                (value, answer) -> value,
                                StageOptions.with().onFailure(policy))
                        .to(Sinks.into(written)));

        assertThat(failure.stage()).contains("enrich");
        assertThat(source.committed("p")).isNotPositive();
    }

    @Test
    void shouldFailAndLeaveTheFrontierWhenTheStoreRefuses() {
        source.feed("p", 0, "1").feed("p", 1, "bad").feed("p", 2, "3").end();

        try (RunningPipeline running = runner.start(numbers().to(Sinks.into(written), toStore()))) {
            store.call(0).fail(new RefusedRecordException("too large"));
            Runs.awaitState(running, PipelineState.FAILED);

            PipelineFailedException failure = running.failure().orElseThrow();
            assertThat(failure.stage()).contains("dead-letters");
            assertThat(failure.position()).contains(SourcePosition.of("p", 1));
            assertThat(source.committed("p")).isEqualTo(1);
            assertThat(running.stats().deadLetters()).isZero();
        }
        assertThat(store.closes()).isOne();
    }

    @Test
    void shouldTryTheStoreAgainWhenItFailsOnce() {
        source.feed("p", 0, "bad").end();

        try (RunningPipeline running = runner.start(numbers().to(Sinks.into(written), toStore()))) {
            store.call(0).fail(new IllegalStateException("once"));
            store.call(1).succeed();
            Runs.awaitEnd(running);
        }

        assertThat(source.committed("p")).isEqualTo(1);
    }

    @Test
    void shouldStoreOneDeadLetterHoweverManyOfItsValuesFail() {
        source.feed("p", 0, "bad,1,bad,2,bad").end();

        try (RunningPipeline running = runner.start(Pipeline.named("pipe")
                .from(source)
                .flatMap(line -> List.of(line.split(",", -1)))
                .map(FailurePolicyTest::parsed)
                .to(Sinks.into(written), toStore()))) {
            store.call(0).succeed();
            Runs.awaitEnd(running);

            assertThat(store.call(0).batch()).hasSize(1);
            assertThat(store.calls()).isOne();
            assertThat(written).containsExactly(1, 2);
            assertThat(running.stats().deadLetters()).isOne();
            assertThat(running.stats().stage("map").failed()).isEqualTo(3);
        }
    }

    @Test
    void shouldNotBeDoneBeforeBothSinksAre() {
        ManualSink<String> aside = ManualSink.create();
        ManualSink<String> end = ManualSink.create();
        source.feed("p", 4, "a").end();

        try (RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(source).alsoTo(aside).to(end))) {
            end.call(0).succeed();
            aside.call(0);
            Await.still("nothing is done", () -> running.stats().recordsDone() == 0 && source.committed("p") <= 4);

            aside.call(0).succeed();
            Runs.awaitEnd(running);
        }

        assertThat(source.committed("p")).isEqualTo(5);
    }

    @Test
    void shouldWriteToTheOtherSinkWhenOneGivesUp() {
        source.feed("p", 0, "a").end();

        Runs.run(
                runner,
                Pipeline.named("pipe")
                        .from(source)
                        .alsoTo(
                                context -> batch -> {
                                    throw new IllegalStateException("always");
                                },
                                StageOptions.with().onFailure(FailurePolicy.skip()))
                        .to(Sinks.into(written)));

        assertThat(written).containsExactly("a");
    }

    @Test
    void shouldOpenAStoreOnceThatServesSeveralStages() {
        source.feed("p", 0, "a").end();

        Runs.run(
                runner,
                Pipeline.named("pipe")
                        .from(source)
                        .map(value -> value, toStore())
                        .filter(value -> true, toStore())
                        .to(Sinks.into(written), toStore()));

        assertThat(store.opens()).isOne();
        assertThat(store.closes()).isOne();
    }

    @Test
    void shouldDeadLetterWhatTheDecoderRefuses() {
        source.feed("p", 0, "bad").feed("p", 1, "2").end();

        try (RunningPipeline running = runner.start(Pipeline.named("pipe")
                .from(source.decodedBy(record -> parsed(record.value())))
                .to(Sinks.into(written), toStore()))) {
            assertThat(store.call(0).values().get(0).stage()).isEqualTo("from");
            store.call(0).succeed();
            Runs.awaitEnd(running);
        }

        assertThat(written).containsExactly(2);
    }

    @Test
    void shouldDeadLetterWhatASecondDecoderRefusesAsTheSourceReadIt() {
        source.feed("p", 0, "bad")
                .feed("p", 1, "20")
                .feed("p", 2, "bad of the second")
                .feed("p", 3, "3")
                .end();
        Source<String> typed =
                new Typed(source.decodedBy(record -> record.value().trim()));
        Source<Integer> numbers = typed.decodedBy(record -> parsed(record.value()));

        List<DeadLetter> letters = new ArrayList<>();
        StageOptions toList = StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.into(letters)));

        Runs.run(runner, Pipeline.named("pipe").from(numbers, toList).to(Sinks.into(written)));

        assertThat(written).containsExactly(20, 3);
        assertThat(letters).extracting(DeadLetter::stage).containsExactly("from", "from");
        assertThat(letters)
                .extracting(letter -> letter.original().value().toString())
                .containsExactly("bad", "bad of the second");
    }

    /** A typed front, as sources of topics and files are. */
    private record Typed(Source<String> decoded) implements Source<String> {

        @Override
        public SourceReader<String> open(SourceContext context) {
            throw new AssertionError("opened as a whole, so that it would decode as it polls");
        }

        @Override
        public Source<String> unwrapped() {
            return decoded;
        }
    }

    private Stage<Integer> numbers() {
        return Pipeline.named("pipe").from(source).map(FailurePolicyTest::parsed);
    }

    private StageOptions toStore() {
        return StageOptions.with().onFailure(FailurePolicy.deadLetter(store));
    }

    private static Integer parsed(String text) {
        if (text.startsWith("bad")) {
            throw new NumberFormatException("secret");
        }
        return Integer.valueOf(text);
    }
}
