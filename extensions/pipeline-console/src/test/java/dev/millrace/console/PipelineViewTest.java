package dev.millrace.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the page is told of pipelines. */
@Timeout(300)
class PipelineViewTest {

    private final ManualBeat beat = new ManualBeat();
    private final FedSource source = new FedSource();
    private RunningConsole console = PipelineConsole.create().start(beat);
    private Shown shown = new Shown(console);

    @AfterEach
    void close() {
        console.close();
    }

    private RunningPipeline start(Pipeline pipeline) {
        return PipelineRunner.create()
                .workers(1)
                .commitInterval(Duration.ofMillis(2))
                .listener(console)
                .start(pipeline);
    }

    private void showPayloads() {
        console.close();
        console = PipelineConsole.create().showPayloads().start(beat);
        shown = new Shown(console);
    }

    private static String[] numbers(int count) {
        String[] numbers = new String[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = String.valueOf(i);
        }
        return numbers;
    }

    @Test
    void shouldTellCountsAndRatesOfStages() throws Exception {
        Pipeline pipeline = Pipeline.named("numbers")
                .from(source)
                .filter(number -> !number.endsWith("7"))
                .flatMap(number -> List.of(number, number))
                .to(Sinks.discard());
        try (RunningPipeline running = start(pipeline)) {
            source.feed("p", 0, numbers(100));
            shown.await(told -> told.at("/totals/done").asLong() == 100);
            beat.after(Duration.ofSeconds(2));

            JsonNode told = shown.await(each -> each.at("/totals/inFlight").asLong() == 0);
            assertThat(told.at("/totals/read").asLong()).isEqualTo(100);
            assertThat(told.get("readRate").asDouble()).isEqualTo(50);
            assertThat(told.get("doneRate").asDouble()).isEqualTo(50);
            JsonNode filter = Shown.named(told.get("stages"), "filter");
            assertThat(filter.get("in").asLong()).isEqualTo(100);
            assertThat(filter.get("out").asLong()).isEqualTo(90);
            assertThat(filter.get("dropped").asLong()).isEqualTo(10);
            assertThat(filter.get("inRate").asDouble()).isEqualTo(50);
            assertThat(filter.get("outRate").asDouble()).isEqualTo(45);
            assertThat(Shown.named(told.get("stages"), "to").get("outRate").asDouble())
                    .isEqualTo(90);
            assertThat(shown.pipelines().get(0).get("doneRate").asDouble()).isEqualTo(50);

            beat.after(Duration.ofSeconds(3));
            assertThat(shown.json("/api/pipelines/1").get("readRate").asDouble())
                    .as("of the last 5 s")
                    .isEqualTo(20);
            beat.after(Duration.ofSeconds(3));
            assertThat(shown.json("/api/pipelines/1").get("readRate").asDouble())
                    .as("of the last 6 s")
                    .isZero();
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldTellThePointsOfThePlotsOnceEach() throws Exception {
        try (RunningPipeline running =
                start(Pipeline.named("numbers").from(source).to(Sinks.discard()))) {
            source.feed("p", 0, numbers(30));
            shown.await(told -> told.at("/totals/done").asLong() == 30);
            beat.after(Duration.ofSeconds(3));
            beat.after(Duration.ofSeconds(1));

            JsonNode points = shown.json("/api/pipelines/1").get("points");
            assertThat(points.findValuesAsText("number")).containsExactly("1", "2");
            assertThat(points.findValuesAsText("read")).containsExactly("10.0", "0.0");
            assertThat(points.findValuesAsText("agoMs")).containsExactly("1000.0", "0.0");
            assertThat(shown.json("/api/pipelines/1?after=1").get("points").findValuesAsText("number"))
                    .containsExactly("2");

            for (int i = 0; i < 700; i++) {
                beat.after(Duration.ofSeconds(1));
            }
            assertThat(shown.json("/api/pipelines/1").get("points"))
                    .as("those of ten minutes")
                    .hasSize(600);
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldTellWhichWayTheStagesAreConnected() throws Exception {
        Pipeline pipeline = Pipeline.named("ways")
                .from(source)
                .map(value -> value, StageOptions.with().name("parse"))
                .alsoTo(Sinks.discard())
                .filter(value -> true)
                .to(Sinks.discard(), StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())));
        try (RunningPipeline running = start(pipeline)) {
            JsonNode stages = shown.json("/api/pipelines/1").get("stages");

            assertThat(stages.findValuesAsText("name"))
                    .containsExactly("from", "parse", "alsoTo", "filter", "to", "dead-letters");
            assertThat(stages.findValuesAsText("from")).containsExactly("", "from", "parse", "parse", "filter", "");
            assertThat(stages.findValuesAsText("depth")).containsExactly("0", "0", "1", "0", "0", "0");
            assertThat(stages.findValuesAsText("verb"))
                    .containsExactly("from", "map", "alsoTo", "filter", "to", "dead letters");
            assertThat(Shown.named(stages, "from").get("detail").asText()).isEqualTo("what a test feeds");
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldTellWhatIsHeldAndWhichRecordHoldsThePartitionBack() throws Exception {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        Pipeline pipeline = Pipeline.named("held")
                .from(source)
                .enrich(Enrichers.<String, String>async(key -> answer), value -> value, (value, found) -> value)
                .to(Sinks.discard());
        try (RunningPipeline running = start(pipeline)) {
            source.feed("p", 41, "a", "b", "c").lag("p", 7);

            JsonNode told = shown.await(each -> each.at("/partitions/0/lag").asLong() == 10
                    && each.at("/partitions/0/heldBackBy/offset").asLong() == 41
                    && each.at("/stages/1/held").asLong() == 3);
            assertThat(told.at("/partitions/0/heldBackBy/stage").asText()).isEqualTo("enrich");
            assertThat(told.at("/partitions/0/frontier").asLong()).isEqualTo(41);
            assertThat(told.at("/totals/inFlight").asLong()).isEqualTo(3);
            assertThat(told.at("/stages/1/meanMs").isNull())
                    .as("nothing is answered yet")
                    .isTrue();

            answer.complete(Optional.empty());
            JsonNode after = shown.await(each -> each.at("/totals/done").asLong() == 3
                    && !each.at("/partitions/0").has("heldBackBy")
                    && each.at("/stages/1/held").asLong() == 0);
            assertThat(after.at("/stages/1/meanMs").asDouble()).isPositive();
            assertThat(after.at("/stages/1/longestMs").asDouble()).isPositive();
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldTellFailuresWithoutPayload() throws Exception {
        try (RunningPipeline running = start(failing())) {
            source.feed("p", 0, "fine", "secret bad", "secret worse");

            JsonNode told = shown.await(each -> each.at("/totals/done").asLong() == 3);
            JsonNode failures = told.get("failures");
            assertThat(failures.findValuesAsText("kind")).containsExactlyInAnyOrder("dead letter", "skipped");
            assertThat(failures.findValuesAsText("record")).containsExactlyInAnyOrder("p@1", "p@2");
            assertThat(failures.findValuesAsText("cause"))
                    .containsExactlyInAnyOrder(
                            IllegalArgumentException.class.getName(), IllegalStateException.class.getName());
            assertThat(told.get("payloads").asBoolean()).isFalse();
            assertThat(told.toString()).doesNotContain("secret");
            assertThat(told.at("/totals/deadLetters").asLong()).isOne();
            assertThat(told.at("/totals/skipped").asLong()).isOne();
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldTellFailuresWithPayloadWhereAsked() throws Exception {
        showPayloads();
        try (RunningPipeline running = start(failing())) {
            source.feed("p", 0, "fine", "secret bad", "secret worse");

            JsonNode failures =
                    shown.await(each -> each.at("/totals/done").asLong() == 3).get("failures");
            assertThat(failures.findValuesAsText("text"))
                    .containsExactlyInAnyOrder(
                            "cannot read 'secret bad'",
                            "cannot read 'secret worse'; caused by java.lang.RuntimeException: deeper");
            assertThat(failures.findValuesAsText("value")).containsExactly("secret bad");
            assertThat(running.failure()).isEmpty();
        }
    }

    /** What is bad becomes a dead letter, and what is worse is skipped. */
    private Pipeline failing() {
        return Pipeline.named("failing")
                .from(source)
                .map(
                        value -> {
                            if (value.endsWith("bad")) {
                                throw new IllegalArgumentException("cannot read '" + value + "'");
                            }
                            return value;
                        },
                        StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .map(
                        value -> {
                            if (value.endsWith("worse")) {
                                throw new IllegalStateException(
                                        "cannot read '" + value + "'", new RuntimeException("deeper"));
                            }
                            return value;
                        },
                        StageOptions.with().onFailure(FailurePolicy.skip()))
                .to(Sinks.discard());
    }

    @Test
    void shouldTellOutagesOnceAndWhatTheySayForThatHoldsNoPayload() throws Exception {
        Sink<String> away = context -> batch -> CompletableFuture.failedFuture(new UnavailableException("no server"));
        Pipeline pipeline = Pipeline.named("waiting")
                .from(source)
                .to(away, StageOptions.with().retry(RetryPolicy.fixed(Duration.ofMillis(1))));
        RunningPipeline running = start(pipeline);
        source.feed("p", 0, "a");

        JsonNode told = shown.await(each -> each.at("/failures/0/times").asLong() > 10
                && each.at("/partitions/0/heldBackBy/unavailableMs").asDouble() > 0
                && each.at("/reasons/0").asText().startsWith("stage 'to' is unavailable for "));
        assertThat(told.get("failures")).hasSize(1);
        assertThat(told.at("/failures/0/kind").asText()).isEqualTo("unavailable");
        assertThat(told.at("/failures/0/text").asText()).isEqualTo("no server");
        assertThat(told.get("health").asText()).isEqualTo("DEGRADED");
        running.abandon();
        running.close();
    }

    @Test
    void shouldTellOfAPipelineThatHasFailed() throws Exception {
        Sink<String> refusing = context -> batch ->
                CompletableFuture.completedFuture(WriteResult.failed(Map.of(0, new IllegalStateException("secret"))));
        RunningPipeline running = start(Pipeline.named("ending").from(source).to(refusing));
        source.feed("p", 3, "a");
        assertThatThrownBy(running::awaitTermination).isInstanceOf(PipelineFailedException.class);

        JsonNode told = shown.await(PipelineViewTest::hasEnded);
        assertThat(told.get("state").asText()).isEqualTo("FAILED");
        assertThat(told.get("health").asText()).isEqualTo("DOWN");
        assertThat(told.get("reasons").toString()).contains("pipeline 'ending' failed in stage 'to' at p@3");
        assertThat(told.at("/failures/0/kind").asText()).isEqualTo("failed");
        assertThat(told.at("/failures/0/record").asText()).isEqualTo("p@3");
        assertThat(told.at("/totals/read").asLong()).isOne();
        assertThat(told.get("endedMs").asDouble()).isZero();
        assertThat(told.toString()).doesNotContain("secret");
        beat.after(Duration.ofSeconds(4));
        JsonNode later = shown.json("/api/pipelines/1");
        assertThat(later.get("endedMs").asDouble()).isEqualTo(4_000);
        assertThat(later.get("readRate").asDouble()).isZero();
    }

    /** Who waits for the end of a pipeline may go on before a listener that takes its time has been told. */
    private static boolean hasEnded(JsonNode told) {
        return !told.get("endedMs").isNull();
    }

    @Test
    void shouldShowSeveralPipelinesAndForgetThoseThatEndedLongAgo() throws Exception {
        try (RunningPipeline first = start(Pipeline.named("first").from(source).to(Sinks.discard()))) {
            for (int i = 0; i < 12; i++) {
                start(Pipeline.named("short").from(new FedSource()).to(Sinks.discard()))
                        .close();
                Await.until(() -> "it has not ended", () -> {
                    JsonNode pipelines = shown.pipelines();
                    return hasEnded(pipelines.get(pipelines.size() - 1));
                });
            }
            try (RunningPipeline second =
                    start(Pipeline.named("second").from(new FedSource()).to(Sinks.discard()))) {
                JsonNode pipelines = shown.pipelines();
                assertThat(pipelines).hasSize(12);
                assertThat(pipelines.get(0).get("name").asText()).isEqualTo("first");
                assertThat(pipelines.get(1).get("id").asInt()).isEqualTo(4);
                assertThat(pipelines.get(1).get("state").asText()).isEqualTo("STOPPED");
                assertThat(pipelines.get(11).get("name").asText()).isEqualTo("second");
                assertThat(pipelines.get(11).get("state").asText()).isEqualTo("RUNNING");
                assertThat(shown.get("/api/pipelines/2").statusCode()).isEqualTo(404);
                assertThat(first.failure()).isEmpty();
                assertThat(second.failure()).isEmpty();
            }
        }
    }
}
