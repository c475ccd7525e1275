package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.testing.Runs;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** {@code null} is never an answer: it fails the record, by name of the stage. */
class NullAnswerTest {

    @Test
    void shouldFailTheRecordWhenAFunctionAnswersNull() {
        assertNullFails("map", stage -> stage.map(value -> null));
        assertNullFails("flatMap", stage -> stage.flatMap(value -> null));
        assertNullFails("flatMap", stage -> stage.flatMap(value -> Arrays.asList(value, null)));
        assertNullFails("keyBy", stage -> stage.keyBy(value -> null));
    }

    @Test
    void shouldFailTheRecordWhenAnEnrichmentAnswersNull() {
        assertNullFails(
                "enrich",
                stage -> stage.enrich(
                        Enrichers.<String, String>local(Optional::of), value -> null, (value, answer) -> value));
        assertNullFails(
                "enrich",
                stage -> stage.enrich(
                        Enrichers.<String, String>local(key -> null), value -> value, (value, answer) -> value));
        assertNullFails(
                "enrich",
                stage -> stage.enrich(
                        Enrichers.<String, String>local(Optional::of), value -> value, (value, answer) -> null));
        assertNullFails(
                "enrich",
                stage -> stage.enrich(
                        Enrichers.<String, String>async(key -> null), value -> value, (value, answer) -> value));
        assertNullFails(
                "enrich",
                stage -> stage.enrich(
                        Enrichers.<String, String>async(key -> CompletableFuture.completedFuture(null)),
                        value -> value,
                        (value, answer) -> value));
    }

    @Test
    void shouldFailTheRecordWhenAWriterAnswersNull() {
        assertNullFails("alsoTo", stage -> stage.alsoTo(context -> batch -> null));
        assertNullFails("alsoTo", stage -> stage.alsoTo(context -> batch -> CompletableFuture.completedFuture(null)));
    }

    private static void assertNullFails(String stage, UnaryOperator<Stage<String>> verb) {
        Pipeline pipeline =
                verb.apply(Pipeline.named("p").from(Sources.of("a"))).to(Sinks.discard());

        PipelineFailedException failure = Runs.runToFailure(Runs.runner(), pipeline);

        assertThat(failure.stage()).contains(stage);
        assertThat(failure.position()).contains(SourcePosition.of("0", 0));
        assertThat(failure.getCause()).isInstanceOf(NullPointerException.class);
        assertThat(failure.getCause().getMessage()).contains("answered null");
    }
}
