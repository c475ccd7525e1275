package dev.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a browser. */
@Timeout(600)
class ConsolePageIT {

    private static Browser browser;

    private final ManualBeat beat = new ManualBeat();
    private final FedSource source = new FedSource();
    private final List<RunningPipeline> started = new ArrayList<>();
    private RunningConsole console = Ports.start(PipelineConsole.create(), beat);
    private boolean mayComplain;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void forgetTheTestBefore() {
        browser.size(1200, 900);
        browser.colours("light");
        browser.requests();
        browser.complaints();
    }

    /** The page asks for nothing of others, and has nothing to complain of. */
    @AfterEach
    void close() {
        List<String> requests = browser.requests();
        List<String> complaints = browser.complaints();
        browser.open(URI.create("about:blank"));
        started.forEach(RunningPipeline::abandon);
        started.forEach(RunningPipeline::close);
        console.close();

        String own = console.address().toString();
        assertThat(requests).isNotEmpty().allMatch(address -> address.startsWith(own));
        if (!mayComplain) {
            assertThat(complaints).isEmpty();
        }
    }

    private void with(PipelineConsole described) {
        console.close();
        console = Ports.start(described, beat);
    }

    private RunningPipeline start(Pipeline pipeline) {
        RunningPipeline running = PipelineRunner.create()
                .workers(1)
                .commitInterval(Duration.ofMillis(2))
                .listener(console)
                .start(pipeline);
        started.add(running);
        return running;
    }

    private static void awaitDone(RunningPipeline running, long records) throws Exception {
        Await.until(running::explain, () -> running.stats().recordsDone() == records);
    }

    private void feed(int count) {
        for (int i = 0; i < count; i++) {
            source.feed("p", i, String.valueOf(i));
        }
    }

    private static String ofStage(String name, int column) {
        return "#stages tr[data-stage='" + name + "'] > :nth-child(" + column + ")";
    }

    @Test
    void shouldSayThatNothingRunsYet() throws Exception {
        browser.open(console.address());

        browser.awaitText("#notice", "No pipeline has begun yet.");
        assertThat(browser.script("return document.querySelector('main').checkVisibility()"))
                .isEqualTo(false);
    }

    @Test
    void shouldShowCountsAndRatesAsProcessed() throws Exception {
        source.lag("p", 1_234);
        RunningPipeline running = start(Pipeline.named("numbers")
                .from(source)
                .filter(number -> !number.endsWith("7"))
                .to(Sinks.discard()));
        feed(100);
        awaitDone(running, 100);
        Await.until(
                running::explain,
                () -> running.stats().partitions().stream()
                        .anyMatch(partition -> partition.lag().orElse(0) == 1_234));
        beat.after(Duration.ofSeconds(2));
        browser.open(console.address());

        browser.awaitText("#name", "numbers");
        browser.awaitText("[data-total=Read]", "Read 50/s 100 in all");
        browser.awaitText("[data-total=Done]", "Done 50/s 100 in all");
        browser.awaitText("[data-total='In flight']", "In flight 0");
        browser.awaitText("[data-total=Lag]", "Lag 1,234");
        browser.awaitText("#state", "running");
        assertThat(browser.text("#stages tbody th")).isEqualTo("from what a test feeds | filter | to sink");
        browser.awaitText(ofStage("filter", 2), "50 100 in all");
        browser.awaitText(ofStage("filter", 3), "45 90 in all");
        browser.awaitText(ofStage("filter", 6), "10");
        browser.awaitText(ofStage("to", 4), "0");
        browser.awaitText("#partitions tbody td:nth-child(1)", "p");
        browser.awaitText("#partitions tbody td:nth-child(2)", "100");
        browser.awaitText("#partitions tbody td:nth-child(3)", "1,234");
        assertThat(browser.script("return document.querySelector('#throughput svg').getAttribute('aria-label')"))
                .isEqualTo("Records a second: read 50, done 50; the scale ends at 50");
        browser.awaitText("#lag .legend", "1,234");

        beat.after(Duration.ofSeconds(6));
        beat.after(Duration.ofSeconds(6));
        browser.awaitText("[data-total=Read]", "Read 0/s 100 in all");
        assertThat(running.failure()).isEmpty();
    }

    @Test
    void shouldShowWhatIsHeldAndTheRecordThatHoldsAPartitionBack() throws Exception {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        RunningPipeline running = start(Pipeline.named("held")
                .from(source)
                .enrich(Enrichers.<String, String>async(key -> answer), value -> value, (value, found) -> value)
                .to(Sinks.discard()));
        source.feed("p", 41, "a", "b");
        browser.open(console.address());

        browser.awaitText(ofStage("enrich", 4), "2");
        browser.awaitText("#partitions tbody td:nth-child(5)", "offset 41 in 'enrich' for ");
        browser.awaitText("#partitions tbody td:nth-child(2)", "41");
        answer.complete(Optional.empty());
        awaitDone(running, 2);
        browser.awaitText(ofStage("enrich", 4), "0");
        Await.until(
                () -> browser.text("#partitions"),
                () -> browser.text("#partitions tbody td:nth-child(5)").isEmpty());
        browser.awaitText(ofStage("enrich", 5), "most ");
    }

    private Pipeline failing() {
        return Pipeline.named("failing")
                .from(source)
                .map(
                        value -> {
                            if (value.startsWith("secret")) {
                                throw new IllegalArgumentException("cannot read '" + value + "'");
                            }
                            return value;
                        },
                        StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .to(Sinks.discard());
    }

    @Test
    void shouldShowFailuresWithoutPayload() throws Exception {
        RunningPipeline running = start(failing());
        source.feed("p", 0, "fine", "secret <b>word</b>");
        awaitDone(running, 2);
        browser.open(console.address());

        browser.awaitText("#failures li", "dead letter p@1 in 'map' IllegalArgumentException");
        browser.awaitText("#failures-hint", "Without payloads");
        browser.awaitText("[data-total='Dead letters']", "1");
        assertThat(browser.text("body")).doesNotContain("secret").doesNotContain("word");
        assertThat(browser.count("#failures details")).isZero();
    }

    @Test
    void shouldShowFailuresWithPayloadAsTextWhereAsked() throws Exception {
        with(PipelineConsole.create().showPayloads());
        RunningPipeline running = start(failing());
        source.feed("p", 0, "fine", "secret <b>word</b>");
        awaitDone(running, 2);
        browser.open(console.address());

        browser.awaitText("#failures .said", "cannot read 'secret <b>word</b>'");
        browser.click("#failures summary");
        browser.awaitText("#failures details", "Value secret <b>word</b>");
        assertThat(browser.count("#failures b")).isZero();
        assertThat(browser.text("#failures-hint")).isEmpty();
    }

    @Test
    void shouldHaveNoButtonsWhereNothingMayBeChanged() throws Exception {
        start(failing());
        browser.open(console.address());

        browser.awaitText("#state", "running");
        assertThat(browser.text("#controls")).isEmpty();
        assertThat(browser.count("#controls button")).isZero();
    }

    @Test
    void shouldPauseResumeAndDrainByItsButtons() throws Exception {
        with(PipelineConsole.create().allowControl());
        RunningPipeline running = start(failing());
        browser.open(console.address());

        browser.awaitText("#controls", "Pause Drain…");
        browser.click("#controls button:first-child");
        browser.awaitText("#state", "paused");
        assertThat(running.isPaused()).isTrue();
        browser.awaitText("#reasons", "it is paused");
        browser.awaitText("#controls", "Resume");
        browser.click("#controls button:first-child");
        browser.awaitText("#state", "running");
        assertThat(running.isPaused()).isFalse();

        browser.awaitText("#controls", "Pause");
        browser.click("#controls button:last-child");
        browser.awaitText("#confirm-text", "failing reads no more");
        browser.click("#confirm-no");
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
        browser.click("#controls button:last-child");
        browser.click("#confirm-yes");
        running.awaitTermination();
        browser.awaitText("#state", "stopped");
        Await.until(() -> browser.text("#controls"), () -> browser.count("#controls button") == 0);
    }

    @Test
    void shouldShowOnePipelineOfSeveralAndStayWithOneThatHasEnded() throws Exception {
        start(Pipeline.named("first").from(source).to(Sinks.discard()));
        start(Pipeline.named("second").from(new FedSource()).to(Sinks.discard()));
        browser.open(console.address());

        browser.awaitText("#pipelines", "first 0/s second 0/s");
        browser.awaitText("#name", "first");
        browser.click("#pipelines a:nth-child(2)");
        browser.awaitText("#name", "second");
        browser.awaitText("#pipelines [aria-current=page]", "second");
        started.get(1).close();
        browser.awaitText("#state", "stopped");
        browser.awaitText("#pipelines", "second stopped");
        browser.awaitText("#reasons", "it has stopped");
    }

    @Test
    void shouldSaySinceWhenThereIsNoAnswerAndGoOnWhenThereIs() throws Exception {
        mayComplain = true; // a browser logs that nobody answers
        RunningPipeline running = start(Pipeline.named("numbers").from(source).to(Sinks.discard()));
        feed(3);
        awaitDone(running, 3);
        browser.open(console.address());
        browser.awaitText("[data-total=Read]", "3 in all");

        console.close();
        browser.awaitText("#notice", "No answer since ");
        browser.awaitText("[data-total=Read]", "3 in all");
        assertThat(browser.count("#pipeline.is-old")).isOne();

        console = PipelineConsole.create().port(console.address().getPort()).start(beat);
        start(Pipeline.named("anew").from(new FedSource()).to(Sinks.discard()));
        browser.awaitText("#name", "anew");
        assertThat(browser.text("#notice")).isEmpty();
        assertThat(browser.count("#pipeline.is-old")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"360, 740", "768, 1024", "1200, 900"})
    void shouldNotScrollSideways(int width, int height) throws Exception {
        browser.size(width, height);
        with(PipelineConsole.create().allowControl().showPayloads());
        String longName = "a-pipeline-whose-name-is-longer-than-any-telephone-is-wide-and-has-no-space";
        RunningPipeline running = start(Pipeline.named(longName)
                .from(source)
                .map(
                        value -> {
                            throw new IllegalStateException(value.repeat(40));
                        },
                        StageOptions.with().name(longName).onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .alsoTo(Sinks.discard())
                .to(Sinks.discard()));
        source.feed("p".repeat(80), 1_234_567_890_123L, "word");
        awaitDone(running, 1);
        beat.after(Duration.ofSeconds(1));
        browser.open(console.address());
        browser.awaitText("#failures li", "dead letter");
        browser.click("#failures summary");

        assertThat(browser.script("return [innerWidth, document.documentElement.scrollWidth,"
                        + " Math.max(...[...document.querySelectorAll('body *')].map(each =>"
                        + " each.closest('svg, thead') ? 0 : Math.ceil(each.getBoundingClientRect().right)))]"))
                .asInstanceOf(InstanceOfAssertFactories.list(Long.class))
                .allMatch(right -> right <= width);
    }

    /** WCAG's 4.5 to 1, of all text that is to be seen, on the ground that it stands on. */
    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void shouldBeReadableInBothSchemes(String scheme) throws Exception {
        browser.colours(scheme);
        with(PipelineConsole.create().allowControl().showPayloads());
        RunningPipeline running = start(failing());
        source.feed("p", 0, "fine", "secret");
        awaitDone(running, 2);
        running.pause();
        browser.open(console.address());
        browser.awaitText("#reasons", "it is paused");
        browser.awaitText("#failures li", "dead letter");

        double ground = luminance(
                rgb(String.valueOf(browser.script("return getComputedStyle(document.body).backgroundColor"))));
        assertThat(scheme.equals("dark") ? 1 - ground : ground).isGreaterThan(0.8);
        assertThat(browser.script(TEXTS))
                .asInstanceOf(InstanceOfAssertFactories.list(List.class))
                .hasSizeGreaterThan(20)
                .allSatisfy(text -> assertThat(
                                contrast(luminance(rgb((String) text.get(1))), luminance(rgb((String) text.get(2)))))
                        .as("of '%s', %s on %s", text.toArray())
                        .isGreaterThan(4.5));
    }

    /** Each text with its colour and the first colour below it that is not transparent. */
    private static final String TEXTS = """
            const ground = element => {
              const colour = getComputedStyle(element).backgroundColor;
              return colour === 'rgba(0, 0, 0, 0)' && element.parentElement ? ground(element.parentElement) : colour;
            };
            return [...document.querySelectorAll('body *')]
              .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
              .filter(each => each.checkVisibility() && each.getClientRects().length > 0)
              .map(each => [each.innerText, getComputedStyle(each).color, ground(each)]);
            """;

    private static double contrast(double one, double other) {
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }

    private static double[] rgb(String colour) {
        return Arrays.stream(colour.replaceAll("[^0-9.,]", "").split(","))
                .mapToDouble(part -> Double.parseDouble(part) / 255)
                .toArray();
    }

    private static double luminance(double[] rgb) {
        return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
    }

    private static double linear(double part) {
        return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    }
}
