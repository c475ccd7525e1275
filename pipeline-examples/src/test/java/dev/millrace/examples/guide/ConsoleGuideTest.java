package dev.millrace.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.console.PipelineConsole;
import dev.millrace.console.RunningConsole;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page on the console. */
@Timeout(120)
class ConsoleGuideTest {

    private final Pipeline pipeline = Pipeline.named("numbers")
            .from(Sources.every(Duration.ofMillis(1), () -> 1))
            .to(Sinks.discard());

    @Test
    void shouldShowWhatRuns() throws Exception {
        // docs:begin
        RunningConsole console = PipelineConsole.create().start();
        System.out.println(console.address());
        RunningPipeline running = PipelineRunner.create().listener(console).start(pipeline);
        // docs:end
        try (console;
                running) {
            URI pipelines = console.address().resolve("/api/pipelines");
            String told = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(pipelines).build(), BodyHandlers.ofString())
                    .body();
            assertThat(told).contains("\"name\":\"numbers\"").contains("\"state\":\"RUNNING\"");
        }
    }

    @Test
    void shouldTrustWhoeverMayLookWhereAsked() {
        // docs:begin
        PipelineConsole trusting =
                PipelineConsole.create().port(7070).showPayloads().allowControl();
        // docs:end
        assertThat(trusting).hasToString("PipelineConsole[port 7070, payloads true, control true]");
    }
}
