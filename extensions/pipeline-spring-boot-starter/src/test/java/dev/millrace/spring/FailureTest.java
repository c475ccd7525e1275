package dev.millrace.spring;

import static dev.millrace.spring.TestPipelines.PATIENCE;
import static dev.millrace.spring.TestPipelines.await;
import static dev.millrace.spring.TestPipelines.awaitEnd;
import static dev.millrace.spring.TestPipelines.endless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.ExitCodeEvent;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

/** What becomes of an application whose pipelines fail. */
class FailureTest {

    private final ApplicationContextRunner application = TestPipelines.application();
    private final AtomicBoolean isBroken = new AtomicBoolean();
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @Test
    void shouldKeepTheApplicationRunning() {
        application.withBean(Pipeline.class, () -> endless("ticks", isBroken)).run(context -> {
            RunningPipeline running =
                    context.getBean(RunningPipelines.class).find("ticks").orElseThrow();
            isBroken.set(true);
            awaitEnd(running);

            assertThat(running.state()).isEqualTo(PipelineState.FAILED);
            assertThat(context.isActive()).isTrue();
        });
    }

    @Test
    void shouldCloseTheApplicationWhereThatIsWanted() {
        application
                .withBean("ticking", Pipeline.class, () -> endless("ticks", isBroken))
                .withBean("other", Pipeline.class, () -> endless("other"))
                .withBean("events", ApplicationListener.class, this::events)
                .withPropertyValues("millrace.pipelines.ticks.on-failure=close")
                .run(context -> {
                    RunningPipeline other = context.getBean(RunningPipelines.class)
                            .find("other")
                            .orElseThrow();
                    isBroken.set(true);

                    assertThat(events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isInstanceOfSatisfying(
                                    ExitCodeEvent.class,
                                    event -> assertThat(event.getExitCode()).isEqualTo(1));
                    assertThat(events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isInstanceOf(ContextClosedEvent.class);
                    awaitEnd(other);
                    assertThat(other.state()).isEqualTo(PipelineState.STOPPED);
                });
    }

    private ApplicationListener<?> events() {
        return event -> {
            if (event instanceof ExitCodeEvent || event instanceof ContextClosedEvent) {
                events.add(event);
            }
        };
    }

    @Test
    void shouldCloseTheApplicationForThatPipelineAlone() {
        application
                .withBean("ticking", Pipeline.class, () -> endless("ticks", isBroken))
                .withBean("other", Pipeline.class, () -> endless("other"))
                .withPropertyValues("millrace.on-failure=close", "millrace.pipelines.ticks.on-failure=keep-running")
                .run(context -> {
                    RunningPipelines pipelines = context.getBean(RunningPipelines.class);
                    isBroken.set(true);
                    awaitEnd(pipelines.find("ticks").orElseThrow());

                    assertThat(context.isActive()).isTrue();
                    assertThat(pipelines.find("other").orElseThrow().state()).isEqualTo(PipelineState.RUNNING);
                });
    }

    @Test
    void shouldEndTheJvmWhereThatIsWanted() throws Exception {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FailingApplication.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(child.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(output)
                    .isTrue();
            assertThat(child.exitValue()).as(output).isEqualTo(1);
            assertThat(output).contains("[ticks] has FAILED, and ends the application", "[other] STOPPED");
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void shouldNotStartAnApplicationOneOfWhosePipelinesCannotStart() {
        AtomicReference<RunningPipeline> started = new AtomicReference<>();
        application
                .withBean("first", Pipeline.class, () -> endless("first"))
                .withBean("second", Pipeline.class, FailureTest::unreachable)
                .withBean(PipelineListener.class, () -> new PipelineListener() {
                    @Override
                    public void onStateChange(RunningPipeline running, PipelineState state) {
                        started.set(running);
                    }
                })
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(UnavailableException.class)
                        .hasCauseInstanceOf(PipelineFailedException.class));

        await("the first has been told of", () -> started.get() != null);
        awaitEnd(started.get());
        assertThat(started.get().pipeline().name()).isEqualTo("first");
        assertThat(started.get().state()).isEqualTo(PipelineState.STOPPED);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class UnreachableApplication {

        @Bean
        Pipeline second() {
            return unreachable();
        }
    }

    private static Pipeline unreachable() {
        return Pipeline.named("second")
                .from(context -> {
                    throw new UnavailableException("no answer from shop:9092");
                })
                .to(Sinks.discard());
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void shouldTellPeopleWhatToDo(CapturedOutput output) {
        run("--millrace.pipelines.nobody.auto-startup=true");
        assertThat(output)
                .contains(
                        "APPLICATION FAILED TO START",
                        "there are settings for [nobody], but the application's pipelines are [second]",
                        "Correct the name")
                .doesNotContain("\tat ");

        run();
        assertThat(output).contains("no answer from shop:9092", "Make sure that this system can be reached");
    }

    private static void run(String... arguments) {
        SpringApplication unreachable = new SpringApplication(UnreachableApplication.class);
        unreachable.setWebApplicationType(WebApplicationType.NONE);
        assertThatThrownBy(() -> unreachable.run(arguments)).isInstanceOf(RuntimeException.class);
    }
}
