package dev.millrace.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page on metrics. */
class MetricsGuideTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    @Timeout(120)
    void shouldShowWhatAPipelineHasDone() {
        Pipeline pipeline = Pipeline.named("numbers")
                .from(Sources.every(Duration.ofMillis(1), () -> 1))
                .to(Sinks.discard());
        try (RunningPipeline running = started(pipeline)) {
            while (done() == 0) {
                assertThat(running.failure()).isEmpty();
                LockSupport.parkNanos(1_000_000);
            }
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    private double done() {
        FunctionCounter counter = registry.find("millrace.pipeline.done")
                .tag("pipeline", "numbers")
                .functionCounter();
        return counter == null ? 0 : counter.count();
    }

    private RunningPipeline started(Pipeline pipeline) {
        // docs:begin
        return PipelineRunner.create().listener(PipelineMetrics.to(registry)).start(pipeline);
        // docs:end
    }
}
