package dev.millrace.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page on operation. */
@Timeout(120)
class OperationsGuideTest {

    private final Pipeline pipeline =
            Pipeline.named("numbers").from(Sources.generate(() -> 1)).to(Sinks.discard());

    @Test
    void shouldEndWellByItsHook() throws InterruptedException {
        RunningPipeline running = started();
        Thread hook = closeOnShutdown(running);

        assertThat(Runtime.getRuntime().removeShutdownHook(hook)).isTrue();
        hook.start();
        hook.join();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(statusCode(running)).isEqualTo(503);
    }

    private RunningPipeline started() {
        // docs:begin
        return PipelineRunner.create()
                .workers(4)
                .maxInFlight(50_000)
                .maxInFlightBytes(256L << 20)
                .drainTimeout(Duration.ofSeconds(20))
                .restart(RetryPolicy.forever())
                .start(pipeline);
        // docs:end
    }

    private static Thread closeOnShutdown(RunningPipeline running) {
        // docs:begin
        Thread hook = new Thread(running::close, "close-pipeline");
        Runtime.getRuntime().addShutdownHook(hook);
        // docs:end
        return hook;
    }

    private static int statusCode(RunningPipeline running) {
        // docs:begin
        PipelineHealth health = running.health();
        return health.status() == PipelineHealth.Status.DOWN ? 503 : 200;
        // docs:end
    }

    @Test
    void shouldSayThatItIsPaused() {
        try (RunningPipeline running = started()) {
            running.pause();

            assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.DEGRADED);
            assertThat(statusCode(running)).isEqualTo(200);
            assertThat(running.explain()).startsWith("numbers: RUNNING, paused");
        }
    }
}
