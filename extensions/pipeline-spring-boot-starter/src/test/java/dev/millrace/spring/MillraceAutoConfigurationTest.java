package dev.millrace.spring;

import static dev.millrace.spring.TestPipelines.await;
import static dev.millrace.spring.TestPipelines.awaitEnd;
import static dev.millrace.spring.TestPipelines.bounded;
import static dev.millrace.spring.TestPipelines.endless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the starter makes of an application's beans and properties. */
class MillraceAutoConfigurationTest {

    private final ApplicationContextRunner application = TestPipelines.application();

    @Test
    void shouldStartAPipelineAndEndItWithTheApplication() {
        AtomicReference<RunningPipeline> started = new AtomicReference<>();

        application.withBean("ticking", Pipeline.class, () -> endless("ticks")).run(context -> {
            RunningPipelines pipelines = context.getBean(RunningPipelines.class);
            assertThat(pipelines.names()).containsExactly("ticks");
            started.set(running(context, "ticks"));
            assertThat(started.get().state()).isEqualTo(PipelineState.RUNNING);
        });

        assertThat(started.get().state()).isEqualTo(PipelineState.STOPPED);
    }

    @Test
    void shouldDoNothingWithoutPipelines() {
        application.run(context -> assertThat(context)
                .hasNotFailed()
                .getBean(RunningPipelines.class)
                .extracting(RunningPipelines::names)
                .isEqualTo(Set.of()));
    }

    @Test
    void shouldStartPipelinesOfAnApplicationThatMakesItsBeansLate() {
        application
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withBean("ticking", Pipeline.class, () -> endless("ticks"))
                .run(context -> assertThat(running(context, "ticks").state()).isEqualTo(PipelineState.RUNNING));
    }

    @Test
    void shouldStartNoPipelineThatIsNotToStartByItself() {
        two().withPropertyValues("millrace.auto-startup=false", "millrace.pipelines.second.auto-startup=true")
                .run(context -> {
                    RunningPipelines pipelines = context.getBean(RunningPipelines.class);
                    assertThat(pipelines.find("first")).isEmpty();
                    assertThat(pipelines.find("second")).isPresent();

                    RunningPipeline first = pipelines.start("first");

                    assertThat(first.state()).isEqualTo(PipelineState.RUNNING);
                    assertThat(pipelines.find("first")).containsSame(first);
                    assertThat(pipelines.start("first")).isSameAs(first);
                });
    }

    @Test
    void shouldStartAPipelineAgainThatHasEnded() {
        application.withBean("short", Pipeline.class, () -> bounded("short")).run(context -> {
            RunningPipelines pipelines = context.getBean(RunningPipelines.class);
            RunningPipeline first = running(context, "short");
            awaitEnd(first);

            RunningPipeline second = pipelines.start("short");

            assertThat(second).isNotSameAs(first);
            awaitEnd(second);
            assertThat(second.stats().recordsDone()).isEqualTo(3);
        });
    }

    @Test
    void shouldNotKnowPipelinesThatAreNone() {
        two().run(context -> {
            RunningPipelines pipelines = context.getBean(RunningPipelines.class);
            assertThatThrownBy(() -> pipelines.find("third"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("the application has no pipeline 'third', but [first, second]");
            assertThatThrownBy(() -> pipelines.start("third")).isInstanceOf(NoSuchElementException.class);
        });
    }

    @Test
    void shouldTellBothBeansWhosePipelinesHaveTheSameName() {
        application
                .withBean("one", Pipeline.class, () -> endless("ticks"))
                .withBean("other", Pipeline.class, () -> endless("ticks"))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(PipelineSetupException.class)
                        .hasMessage("The beans 'one' and 'other' are both a pipeline named 'ticks'."));
    }

    @Test
    void shouldTellOfSettingsForPipelinesThatAreNone() {
        two().withPropertyValues(
                        "millrace.pipelines.frist.auto-startup=false", "millrace.pipelines.second.auto-startup=false")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(PipelineSetupException.class)
                        .hasMessage("Under 'millrace.pipelines' there are settings for [frist],"
                                + " but the application's pipelines are [first, second]."));
    }

    @Test
    void shouldKnowAPipelineByWhatAnEnvironmentVariableLeavesOfItsName() {
        application
                .withBean("orders", Pipeline.class, () -> endless("new-orders"))
                .withPropertyValues("millrace.pipelines.neworders.auto-startup=false")
                .run(context -> assertThat(
                                context.getBean(RunningPipelines.class).find("new-orders"))
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "workers, workers",
        "max-in-flight, records",
        "max-in-flight-bytes, bytes",
        "commit-interval, interval",
        "drain-timeout, timeout",
        "revoke-timeout, timeout",
        "stuck-after, age",
        "restart.max-attempts, maxAttempts"
    })
    void shouldRefuseWhatARunnerRefusesAndTellWhereItWasSet(String property, String parameter) {
        two().withPropertyValues("millrace.runner." + property + "=0")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("'millrace'")
                        .rootCause()
                        .hasMessageStartingWith(parameter + " must be positive, got "));
        two().withPropertyValues("millrace.pipelines.first.runner." + property + "=0")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("millrace.pipelines.first")
                        .rootCause()
                        .hasMessageStartingWith(parameter + " must be positive, got "));
    }

    @Test
    void shouldRunPipelinesAsIsSetForAllAndForEach() {
        two().withPropertyValues("millrace.runner.workers=2", "millrace.pipelines.second.runner.workers=3")
                .run(context -> {
                    await("the workers are there", () -> workers("first") == 2 && workers("second") == 3);
                });
    }

    private static long workers(String pipeline) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("millrace-" + pipeline + "-worker"))
                .count();
    }

    @Test
    void shouldTellAllListenersAlsoThoseOfAnApplicationsOwnRunner() {
        List<String> told = new CopyOnWriteArrayList<>();

        two().withBean("told", PipelineListener.class, () -> listener("bean", told))
                .withBean(PipelineRunner.class, () -> PipelineRunner.create().listener(listener("runner", told)))
                .run(context -> assertThat(context).hasNotFailed());

        await(
                "both are told of both",
                () -> told.containsAll(List.of(
                        "bean first RUNNING",
                        "bean first STOPPED",
                        "bean second STOPPED",
                        "runner first RUNNING",
                        "runner second STOPPED")));
    }

    private static PipelineListener listener(String name, List<String> told) {
        return new PipelineListener() {
            @Override
            public void onStateChange(String pipeline, PipelineState state) {
                told.add(name + " " + pipeline + " " + state);
            }
        };
    }

    @Test
    void shouldMeasurePipelinesWhereThereIsARegistry() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        application
                .withBean("ticking", Pipeline.class, () -> endless("ticks"))
                .withBean(MeterRegistry.class, () -> registry)
                .run(context -> {
                    await(
                            "it is measured",
                            () -> registry.find("millrace.pipeline.done")
                                            .tag("pipeline", "ticks")
                                            .functionCounter()
                                    != null);
                });
    }

    @Test
    void shouldLeaveMetricsToTheApplicationsOwn() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        application
                .withBean("ticking", Pipeline.class, () -> endless("ticks"))
                .withBean(MeterRegistry.class, () -> registry)
                .withBean(
                        PipelineMetrics.class,
                        () -> PipelineMetrics.to(registry).tag("region", "eu"))
                .run(context -> {
                    assertThat(context).hasSingleBean(PipelineMetrics.class);
                    await(
                            "it is measured",
                            () -> registry.find("millrace.pipeline.done")
                                            .tag("region", "eu")
                                            .functionCounter()
                                    != null);
                    assertThat(registry.get("millrace.pipeline.done").functionCounters())
                            .hasSize(1);
                });
    }

    @Test
    void shouldDoWithoutMetricsAndHealth() {
        two().withClassLoader(new FilteredClassLoader("io.micrometer", "org.springframework.boot.health"))
                .run(context -> {
                    assertThat(running(context, "first").state()).isEqualTo(PipelineState.RUNNING);
                    assertThat(context).doesNotHaveBean("pipelineMetrics");
                    assertThat(context).doesNotHaveBean("pipelinesHealthContributor");
                });
    }

    @Test
    void shouldTellNoHealthIfThatIsNotWanted() {
        two().run(context -> assertThat(context).hasSingleBean(HealthContributor.class));
        two().withPropertyValues("management.health.pipelines.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthContributor.class));
    }

    private ApplicationContextRunner two() {
        return application
                .withBean("first", Pipeline.class, () -> endless("first"))
                .withBean("second", Pipeline.class, () -> endless("second"));
    }

    private static RunningPipeline running(AssertableApplicationContext context, String name) {
        return context.getBean(RunningPipelines.class).find(name).orElseThrow();
    }
}
