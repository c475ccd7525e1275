package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the starter makes of an application's beans. */
class MillraceAutoConfigurationTest {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MillraceAutoConfiguration.class));

    @Test
    void shouldStartAPipelineAndEndItWithTheApplication() {
        AtomicReference<RunningPipeline> started = new AtomicReference<>();

        application.withBean("ticking", Pipeline.class, () -> endless("ticks")).run(context -> {
            RunningPipelines pipelines = context.getBean(RunningPipelines.class);
            assertThat(pipelines.names()).containsExactly("ticks");
            started.set(pipelines.find("ticks").orElseThrow());
            assertThat(started.get().state()).isEqualTo(PipelineState.RUNNING);
        });

        assertThat(started.get().state()).isEqualTo(PipelineState.STOPPED);
    }

    private static Pipeline endless(String name) {
        return Pipeline.named(name)
                .from(Sources.every(Duration.ofMillis(1), () -> 1))
                .to(Sinks.discard());
    }
}
