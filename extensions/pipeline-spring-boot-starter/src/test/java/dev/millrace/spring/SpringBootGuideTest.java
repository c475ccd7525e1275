package dev.millrace.spring;

import static dev.millrace.spring.TestPipelines.await;
import static dev.millrace.spring.TestPipelines.awaitEnd;
import static dev.millrace.spring.TestPipelines.bounded;
import static dev.millrace.spring.TestPipelines.endless;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The code of the page on Spring Boot that needs no server. */
class SpringBootGuideTest {

    private final ApplicationContextRunner application = TestPipelines.application();

    @Test
    void shouldPauseAndResume() {
        application
                .withBean(Pipeline.class, () -> endless("good-ratings"))
                .withBean(Maintenance.class)
                .run(context -> {
                    RunningPipeline running = context.getBean(RunningPipelines.class)
                            .find("good-ratings")
                            .orElseThrow();
                    Maintenance maintenance = context.getBean(Maintenance.class);

                    maintenance.begin();
                    assertThat(running.isPaused()).isTrue();

                    maintenance.end();
                    assertThat(running.isPaused()).isFalse();
                });
    }

    // docs:begin
    static class Maintenance {

        private final RunningPipelines pipelines;

        Maintenance(RunningPipelines pipelines) {
            this.pipelines = pipelines;
        }

        void begin() {
            pipelines.find("good-ratings").ifPresent(RunningPipeline::pause);
        }

        void end() {
            pipelines.find("good-ratings").ifPresent(RunningPipeline::resume);
        }
    }
    // docs:end

    @Test
    void shouldRunByTheApplicationsOwnRunnerAndTellItsListener() {
        application
                .withBean(Pipeline.class, () -> endless("good-ratings"))
                .withUserConfiguration(OwnBeans.class)
                .run(context -> {
                    OwnBeans own = context.getBean(OwnBeans.class);
                    await("the listener is told", () -> own.states.contains(PipelineState.RUNNING));
                    assertThat(context).hasSingleBean(PipelineRunner.class);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBeans {

        private final List<PipelineState> states = new CopyOnWriteArrayList<>();
        private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();

        // docs:begin
        @Bean
        PipelineRunner runner() {
            return PipelineRunner.create().workers(4).restart(RetryPolicy.forever());
        }

        @Bean
        PipelineListener listener() {
            return new PipelineListener() {
                @Override
                public void onStateChange(String pipeline, PipelineState state) {
                    states.add(state);
                }

                @Override
                public void onDeadLetter(DeadLetter letter) {
                    letters.add(letter);
                }
            };
        }
        // docs:end
    }

    @Test
    void shouldWaitForABoundedPipeline() {
        application
                .withBean(Pipeline.class, () -> bounded("import"))
                .withUserConfiguration(Job.class)
                .run(context -> {
                    ApplicationArguments none = new DefaultApplicationArguments();
                    context.getBean(ApplicationRunner.class).run(none);

                    RunningPipeline running = context.getBean(RunningPipelines.class)
                            .find("import")
                            .orElseThrow();
                    awaitEnd(running);
                    assertThat(running.stats().recordsDone()).isEqualTo(3);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Job {

        // docs:begin
        @Bean
        ApplicationRunner untilDone(RunningPipelines pipelines) {
            return arguments -> pipelines.find("import").orElseThrow().awaitTermination();
        }
        // docs:end
    }
}
