package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Preview;
import dev.millrace.pipeline.Preview.Dropped;
import dev.millrace.pipeline.Preview.End;
import dev.millrace.pipeline.Preview.Failed;
import dev.millrace.pipeline.Preview.Keyed;
import dev.millrace.pipeline.Preview.Made;
import dev.millrace.pipeline.Preview.Outcome;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dry look: what each stage makes of the first records, with no trace left anywhere. */
@Timeout(120)
class PreviewTest {

    private static final Enricher<String, Integer> LENGTHS = Enrichers.of(Map.of("b", 1, "dd", 2));

    /** It is waited out, and a slow machine must come to the first record within it. */
    private static final Duration LONG_ENOUGH_FOR_ONE = Duration.ofSeconds(3);

    private final ManualSource<String> source = ManualSource.pausable();
    private final ManualSink<Object> sink = ManualSink.create();

    @Test
    void shouldShowWhatEachStageMakesOfARecord() {
        Preview preview = letters("dd")
                .map(String::toUpperCase)
                .map(String::toLowerCase)
                .filter(letter -> true)
                .keyBy(String::length)
                .enrich(LENGTHS, letter -> letter, (letter, length) -> letter + length.orElse(0))
                .enrich(
                        Enrichers.<String, String>blocking(Optional::of),
                        letter -> letter,
                        (letter, same) -> letter + same.orElse(""))
                .alsoTo(sink)
                .to(sink)
                .preview(1);

        assertThat(preview.stages())
                .containsExactly("from", "map", "map-2", "filter", "keyBy", "enrich", "enrich-2", "alsoTo", "to");
        Preview.RecordView record = preview.record(SourcePosition.of("0", 0));
        assertThat(record.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.values())
                        .containsExactly(
                                new Made("dd"),
                                new Made("DD"),
                                new Made("dd"),
                                new Made("dd"),
                                new Keyed(2),
                                new Made("dd2"),
                                new Made("dd2dd2"),
                                new Made("dd2dd2"),
                                new Made("dd2dd2")));
    }

    @Test
    void shouldOpenNoSinkAndCommitNothingAndCloseTheSource() {
        ManualSink<DeadLetter> store = ManualSink.create();
        source.feed("p", 3, "a").feed("p", 4, "b");
        StageOptions options = StageOptions.with().onFailure(FailurePolicy.deadLetter(store));

        Preview preview = Pipeline.named("p")
                .from(source)
                .map(Integer::valueOf)
                .alsoTo(sink)
                .to(sink, options)
                .preview(2);

        assertThat(preview.records())
                .extracting(Preview.RecordView::position)
                .containsExactly(SourcePosition.of("p", 3), SourcePosition.of("p", 4));
        assertThat(sink.opens() + store.opens()).isZero();
        assertThat(source.commits()).isEmpty();
        assertThat(source.closes()).isOne();
    }

    @Test
    void shouldTellWhatIsDroppedAndWhere() {
        Preview preview = Pipeline.named("p")
                .from(Sources.of("", "a", "b", "x").decodedBy(raw -> raw.value().isEmpty() ? null : raw.value()))
                .filter(letter -> !letter.equals("a"))
                .enrichOrDrop(LENGTHS, letter -> letter, (letter, length) -> length)
                .flatMap(length -> List.of())
                .to(sink)
                .preview(4);

        assertThat(lastOf(preview)).containsExactly("from", "filter", "flatMap", "enrichOrDrop");
        assertThat(preview.records())
                .allSatisfy(record ->
                        assertThat(record.rows().get(0).values()).last().isEqualTo(new Dropped()));
        assertThat(preview.records().get(0).at("filter")).isEmpty();
    }

    @Test
    void shouldShowTheSameFailuresThatARunHas() {
        Source<String> raw = Sources.of("no number", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        List<DeadLetter> letters = new CopyOnWriteArrayList<>();
        Stage<Integer> stages = Pipeline.named("p")
                .from(raw.decodedBy(record -> Integer.valueOf(record.value())))
                .map(n -> n == 1 ? null : n)
                .filter(n -> 1 / (n - 2) < 5)
                .flatMap(n -> n == 3 ? null : List.of(n))
                .keyBy(n -> n == 4 ? null : n)
                .peek(record -> {
                    if (record.value() == 5) {
                        throw new IOException("five");
                    }
                })
                .enrich(answersNull(), n -> n, (n, answer) -> n)
                .enrich(Enrichers.<Integer, Integer>async(PreviewTest::failsLater), n -> n, (n, answer) -> n)
                .enrich(LENGTHS, n -> n == 8 ? null : "b", (n, answer) -> n)
                .enrich(LENGTHS, n -> "b", (n, answer) -> n == 9 ? null : n);
        Pipeline pipeline = stages.to(
                Sinks.discard(), StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.into(letters))));

        Preview preview = pipeline.preview(100);
        Runs.run(Runs.runner().workers(1), pipeline);

        assertThat(letters).hasSize(10);
        for (DeadLetter letter : letters) {
            assertThat(preview.record(letter.original().position()).at(letter.stage()))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.cause())
                                    .hasSameClassAs(letter.cause())
                                    .hasMessage(letter.cause().getMessage()));
        }
    }

    private static Enricher<Integer, Integer> answersNull() {
        return context -> n -> CompletableFuture.completedFuture(n == 6 ? null : Optional.of(n));
    }

    private static CompletableFuture<Optional<Integer>> failsLater(int n) {
        return CompletableFuture.supplyAsync(() -> {
            if (n == 7) {
                throw new IllegalStateException("seven");
            }
            return Optional.of(n);
        });
    }

    @Test
    void shouldGiveEachValueThatARecordEndsAsARowWithoutItsCommonPast() {
        Preview preview = letters("a", "b")
                .flatMap(letter -> List.of(letter + 1, letter + 2))
                .filter(value -> !value.equals("a1"))
                .to(sink)
                .preview(2);

        assertThat(preview.records().get(0).rows())
                .containsExactly(
                        Map.of("from", new Made("a"), "flatMap", new Made("a1"), "filter", new Dropped()),
                        Map.of("flatMap", new Made("a2"), "filter", new Made("a2"), "to", new Made("a2")));
        assertThat(preview.records().get(0).at("to")).containsExactly(new Made("a2"));
        assertThat(preview.records().get(1).at("to")).containsExactly(new Made("b1"), new Made("b2"));
    }

    @Test
    void shouldShowAListAtEachOfItsRecordsAndHandTheLastOneOn() {
        List<PipelineRecord<?>> seen = new ArrayList<>();
        Preview preview = letters("a", "b", "c")
                .keyBy(letter -> letter)
                .batch(2)
                .peek(seen::add)
                .map(List::size)
                .to(sink)
                .preview(3);

        assertThat(preview.records())
                .extracting(record -> record.at("batch"))
                .containsExactly(
                        List.of(new Made(List.of("a", "b"))),
                        List.of(new Made(List.of("a", "b"))),
                        List.of(new Made(List.of("c"))));
        assertThat(preview.records().get(1).at("to")).containsExactly(new Made(2));
        assertThat(seen).extracting(PipelineRecord::key).containsOnlyNulls();
        assertThat(seen).extracting(PipelineRecord::offset).containsExactly(0L, 2L);
    }

    @Test
    void shouldNotMixPartitionsInALists() {
        source.feed("p", 0, "a").feed("q", 0, "b").feed("p", 1, "c").end();

        Preview preview = Pipeline.named("p").from(source).batch(2).to(sink).preview(10);

        assertThat(preview.record(SourcePosition.of("p", 1)).at("batch")).containsExactly(new Made(List.of("a", "c")));
        assertThat(preview.record(SourcePosition.of("q", 0)).at("batch")).containsExactly(new Made(List.of("b")));
    }

    @Test
    void shouldEndWhenItHasEnoughOfAnEndlessSource() {
        AtomicInteger next = new AtomicInteger();

        Preview preview = Pipeline.named("p")
                .from(Sources.generate(next::incrementAndGet))
                .throttle(Throttle.perSecond(0.001))
                .to(sink)
                .preview(3);

        assertThat(preview.end()).isEqualTo(End.COMPLETE);
        assertThat(preview.records()).hasSize(3);
        assertThat(next).hasValue(3);
    }

    @Test
    void shouldEndAtTheEndOfTheSourceWithFewer() {
        Preview preview = letters("a", "b").to(sink).preview(1_000);

        assertThat(preview.end()).isEqualTo(End.END_OF_SOURCE);
        assertThat(preview.records()).hasSize(2);
    }

    @Test
    void shouldEndAfterTheTimeoutWithWhatItHas() {
        source.feed("p", 0, "a");

        Preview preview = Pipeline.named("p").from(source).to(sink).preview(2, LONG_ENOUGH_FOR_ONE);

        assertThat(preview.end()).isEqualTo(End.TIMEOUT);
        assertThat(preview.records()).hasSize(1);
        assertThat(preview.failure()).isEmpty();
    }

    @Test
    void shouldNotWaitForAnAnswerBeyondTheTimeout() {
        Enricher<String, Integer> silent = context -> (Lookup<String, Integer>) key -> new CompletableFuture<>();
        StageOptions impatient = StageOptions.with().timeout(Duration.ofMillis(5));

        Preview preview = letters("a", "b")
                .enrich(silent, letter -> letter, (letter, answer) -> letter, impatient)
                .to(sink)
                .preview(1);
        Preview late = letters("a", "b")
                .enrich(silent, letter -> letter, (letter, answer) -> letter)
                .to(sink)
                .preview(2, LONG_ENOUGH_FOR_ONE);

        assertThat(preview.records().get(0).at("enrich"))
                .first()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.cause())
                                .isInstanceOf(UnavailableException.class)
                                .hasMessage("no answer within PT0.005S"));
        assertThat(late.end()).isEqualTo(End.TIMEOUT);
        assertThat(late.records()).hasSize(1);
    }

    @Test
    void shouldShowWhatCameBeforeTheSourceFailed() {
        source.feed("p", 0, "a");
        Source<String> failing = context -> {
            var reader = source.open(context);
            return timeout -> {
                if (source.taken() > 0) {
                    throw new IOException("torn");
                }
                return reader.poll(timeout);
            };
        };

        Preview preview = Pipeline.named("p").from(failing).to(sink).preview(2);

        assertThat(preview.end()).isEqualTo(End.SOURCE_FAILED);
        assertThat(preview.failure()).get().isInstanceOf(IOException.class);
        assertThat(preview.records()).hasSize(1);
        assertThat(preview.table())
                .endsWith("1 record, then the source failed: java.io.IOException: torn\n"
                        .replace("\n", System.lineSeparator()));
    }

    @Test
    void shouldAskASourceAgainThatIsAwayForNow() {
        source.failPollWith(new UnavailableException("away"));
        source.feed("p", 0, "a");

        assertThat(Pipeline.named("p").from(source).to(sink).preview(1).end()).isEqualTo(End.COMPLETE);

        Source<String> away = context -> timeout -> {
            throw new UnavailableException("away");
        };
        Preview preview = Pipeline.named("p").from(away).to(sink).preview(1, Duration.ofMillis(20));
        assertThat(preview.end()).isEqualTo(End.TIMEOUT);
        assertThat(preview.failure()).get().isInstanceOf(UnavailableException.class);
    }

    @Test
    void shouldTellTheSourceThatItIsOnlyLookedAtAndRefuseToShareItsPartitions() {
        List<Boolean> told = new ArrayList<>();
        CompletableFuture<Void> shared = source.later(context -> {
            told.add(context.isPreview());
            context.assigned(List.of("p"));
        });

        Preview preview = Pipeline.named("p").from(source).to(sink).preview(1);

        assertThat(told).containsExactly(true);
        assertThat(preview.end()).isEqualTo(End.SOURCE_FAILED);
        assertThat(shared).isCompletedExceptionally();
        assertThat(preview.failure().orElseThrow())
                .hasMessageStartingWith("a preview must share no partitions with other readers");
    }

    @Test
    void shouldNotTellARunThatItIsOnlyLookedAt() {
        try (var running = Runs.runner().start(Pipeline.named("p").from(source).to(sink))) {
            source.within(context -> assertThat(context.isPreview()).isFalse());
        }
    }

    @Test
    void shouldEndWhenInterruptedAndLeaveTheFlagSet() {
        source.feed("p", 0, "a");
        Enricher<String, Integer> silent = context -> (Lookup<String, Integer>) key -> {
            Thread.currentThread().interrupt();
            return new CompletableFuture<>();
        };

        Preview preview = Pipeline.named("p")
                .from(source)
                .enrich(silent, letter -> letter, (letter, answer) -> letter)
                .to(sink)
                .preview(2);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(preview.end()).isEqualTo(End.TIMEOUT);
        assertThat(source.closes()).isOne();
    }

    @Test
    void shouldCloseWhatItHasOpenedWhenTheSourceCannotBe() {
        AtomicInteger closes = new AtomicInteger();
        Enricher<String, Integer> lookup = context -> new Lookup<>() {
            @Override
            public CompletableFuture<Optional<Integer>> find(String key) {
                throw new AssertionError();
            }

            @Override
            public void close() {
                closes.incrementAndGet();
            }
        };
        Source<String> closed = context -> {
            throw new IOException("no such file");
        };
        Pipeline pipeline = Pipeline.named("films")
                .from(closed)
                .enrich(lookup, letter -> letter, (letter, answer) -> letter)
                .to(sink);

        assertThatThrownBy(() -> pipeline.preview(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("pipeline 'films' cannot be previewed: stage 'from' could not be opened: no such file")
                .hasCauseInstanceOf(IOException.class);
        assertThat(closes).hasValue(1);
    }

    @Test
    void shouldPrintATable() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        letters("7", "x\u001b", "12")
                .map(Integer::valueOf)
                .filter(n -> n > 10)
                .keyBy(n -> n % 10)
                .flatMap(n -> List.of(n, -n))
                .to(sink)
                .preview(5)
                .printTo(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "     from     map                                                                   filter   keyBy  flatMap  to",
                        "---  -------  --------------------------------------------------------------------  -------  -----  -------  --",
                        "0@0  7        7                                                                     dropped",
                        "0@1  x\\u001b  failed: java.lang.NumberFormatException: For input string: \"x\\u001b\"",
                        "0@2  12       12                                                                    =        key 2  =        =",
                        "                                                                                                    -12      =",
                        "3 records, all that the source has");
    }

    @Test
    void shouldShowNoValueInItsOtherTexts() {
        Preview preview = letters("secret")
                .keyBy(letter -> letter)
                .map(Integer::valueOf)
                .to(sink)
                .preview(1);

        assertThat(preview).hasToString("Preview[p, 1 records, COMPLETE]");
        assertThat(preview.records().toString()).doesNotContain("secret").contains("NumberFormatException");
        assertThat(preview.table()).contains("secret");
    }

    @Test
    void shouldBeImmutable() {
        Preview preview = letters("a").to(sink).preview(1);

        assertThat(preview.records()).isUnmodifiable();
        assertThat(preview.stages()).isUnmodifiable();
        assertThat(preview.records().get(0).rows()).isUnmodifiable();
        Map<String, Outcome> row = preview.records().get(0).rows().get(0);
        assertThatThrownBy(row::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldRefuseWhatIsNotPositive() {
        Pipeline pipeline = letters("a").to(sink);

        assertThatThrownBy(() -> pipeline.preview(0)).hasMessage("records must be positive, got 0");
        assertThatThrownBy(() -> pipeline.preview(1, Duration.ZERO)).hasMessage("timeout must be positive, got PT0S");
    }

    private static List<String> lastOf(Preview preview) {
        return preview.records().stream()
                .map(record -> record.rows().get(0).keySet().stream()
                        .reduce((former, latter) -> latter)
                        .orElseThrow())
                .toList();
    }

    private static Stage<String> letters(String... letters) {
        return Pipeline.named("p").from(Sources.of(letters));
    }
}
