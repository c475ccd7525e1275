package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A value that is not done in time is given up, and it alone. */
@Timeout(120)
class DeadlineTest {

    private static final Duration DEADLINE = Duration.ofMillis(40);
    private static final StageOptions IN_TIME = StageOptions.with().deadline(DEADLINE);

    private final ManualSource<String> source = ManualSource.pausable();
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
    private final FailurePolicy toLetters = FailurePolicy.deadLetter(Sinks.into(letters));

    /** Answers each key with itself, but this one never. */
    private static Enricher<String, String> silentFor(String key) {
        return Enrichers.async(asked ->
                asked.equals(key) ? new CompletableFuture<>() : CompletableFuture.completedFuture(Optional.of(asked)));
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void shouldGiveUpALookupThatNeverAnswersAndLetTheOthersGoOn(Ordering ordering) {
        source.feed("p", 0, "a").feed("p", 1, "silent");

        // With one place only, the hanging call must give it back.
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe")
                        .from(source)
                        .enrich(
                                silentFor("silent"),
                                value -> value,
                                (value, answer) -> value,
                                IN_TIME.ordering(ordering).concurrency(1))
                        .to(Sinks.into(written), StageOptions.with().onFailure(toLetters)));
        Await.until("it is given up", () -> letters.size() == 1);
        source.feed("p", 2, "b").end();
        Runs.awaitEnd(running);

        assertThat(written).containsExactly("a", "b");
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.original().offset()).isEqualTo(1);
            assertThat(letter.stage()).isEqualTo("enrich");
            assertThat(letter.cause())
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("not done within the deadline of PT0.04S")
                    .hasNoCause();
        });
        assertThat(source.committed("p")).isEqualTo(3);
    }

    @Test
    void shouldGiveUpWhatIsRetriedTooLongAndTellTheLastFailure() {
        IllegalStateException failing = new IllegalStateException("always");
        source.feed("p", 0, "a").end();

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(),
                Pipeline.named("pipe")
                        .from(source)
                        .to(
                                context -> batch -> {
                                    throw failing;
                                },
                                IN_TIME.retry(RetryPolicy.fixed(Duration.ofHours(1)))));

        assertThat(failure.stage()).contains("to");
        assertThat(failure.getCause()).isInstanceOf(TimeoutException.class).hasCause(failing);
        assertThat(source.committed("p")).isLessThanOrEqualTo(0);
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void shouldCountOutagesWhereADeadlineIsSet(Ordering ordering) {
        for (int i = 0; i < 10; i++) {
            source.feed(PipelineRecord.of("v" + i, "p", i).withKey("k" + i % 3));
        }
        source.end();

        RunningPipeline running = Runs.run(Pipeline.named("pipe")
                .from(source)
                .to(
                        context -> batch -> {
                            throw new UnavailableException("down");
                        },
                        IN_TIME.ordering(ordering).batch(BatchPolicy.upTo(2)).onFailure(toLetters)));

        assertThat(letters)
                .hasSize(10)
                .allSatisfy(letter -> assertThat(letter.cause()).isInstanceOf(TimeoutException.class));
        assertThat(running.stats().recordsInFlight()).isZero();
        assertThat(source.committed("p")).isEqualTo(10);
    }

    @Test
    void shouldGiveUpAWriteThatNeverEndsAndGoOnWithTheNext() {
        CompletableFuture<WriteResult> hanging = new CompletableFuture<>();
        // The next one is answered within its cycle, so that no machine is too slow for it.
        Sink<String> sink =
                context -> batch -> batch.get(0).value().equals("hanging") ? hanging : WriteResult.alreadyWritten();
        RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(sink, IN_TIME.onFailure(toLetters)));
        source.feed("p", 0, "hanging");
        Await.until("it is given up", () -> letters.size() == 1);
        source.feed("p", 1, "next");
        Await.until("both are done", () -> source.committed("p") == 2);
        hanging.complete(WriteResult.written());

        running.close();
        assertThat(source.committed("p")).isEqualTo(2);
        assertThat(running.stats().stage("to").out()).isEqualTo(1);
    }

    @Test
    void shouldNotGiveUpWhatIsDoneInTime() {
        for (int i = 0; i < 1_000; i++) {
            source.feed("p", i, "v" + i);
        }
        source.end();
        StageOptions generous = StageOptions.with().deadline(Duration.ofHours(1));

        Runs.run(Pipeline.named("pipe")
                .from(source)
                .enrich(silentFor("none"), value -> value, (value, answer) -> value, generous)
                .to(Sinks.into(written), generous.onFailure(toLetters)));

        assertThat(written).hasSize(1_000);
        assertThat(letters).isEmpty();
    }

    @Test
    void shouldRefuseADeadlineThatIsNotPositive() {
        assertThatThrownBy(() -> StageOptions.with().deadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadline must be positive, got PT0S");
        assertThat(IN_TIME.deadline()).contains(DEADLINE);
        assertThat(IN_TIME)
                .isNotEqualTo(StageOptions.with())
                .isEqualTo(StageOptions.with().deadline(DEADLINE));
    }
}
