package dev.millrace.spring;

import static dev.millrace.spring.TestPipelines.PAYLOAD;
import static dev.millrace.spring.TestPipelines.await;
import static dev.millrace.spring.TestPipelines.awaitEnd;
import static dev.millrace.spring.TestPipelines.bounded;
import static dev.millrace.spring.TestPipelines.endless;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class PipelinesHealthTest {

    private final ApplicationContextRunner application = TestPipelines.application();

    @Test
    void shouldBeUpWhileAPipelineRuns() {
        application.withBean(Pipeline.class, () -> endless("ticks")).run(context -> {
            Health well = Health.up().withDetail("state", PipelineState.RUNNING).build();
            // On a machine that stands still a worker may not answer in time, which is told.
            await("it is well", () -> health(context, "ticks").equals(well));
        });
    }

    @Test
    void shouldTellOfWhatIsNotWellAndStayUp() {
        application.withBean(Pipeline.class, () -> endless("ticks")).run(context -> {
            running(context, "ticks").pause();

            Health health = health(context, "ticks");

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("state", PipelineState.RUNNING)
                    .containsEntry("degraded", true)
                    .extractingByKey("reasons", InstanceOfAssertFactories.LIST)
                    .contains("it is paused");
        });
    }

    @Test
    void shouldBeDownOnceAPipelineHasFailedAndTellWhyWithoutPayload() {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        application.withBean(Pipeline.class, () -> endless("ticks", isBroken)).run(context -> {
            awaitEnd(running(context, "ticks"));

            Health health = health(context, "ticks");

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).containsEntry("state", PipelineState.FAILED);
            assertThat(String.valueOf(health.getDetails().get("reasons")))
                    .contains("IllegalStateException")
                    .doesNotContain(PAYLOAD);
        });
    }

    @Test
    void shouldBeUpOnceAPipelineHasDoneAllThereWasToDo() {
        application.withBean(Pipeline.class, () -> bounded("short")).run(context -> {
            awaitEnd(running(context, "short"));

            assertThat(health(context, "short"))
                    .isEqualTo(Health.up()
                            .withDetail("state", PipelineState.STOPPED)
                            .build());
        });
    }

    @Test
    void shouldNotJudgeAPipelineThatHasNotStarted() {
        application
                .withBean(Pipeline.class, () -> endless("ticks"))
                .withPropertyValues("millrace.auto-startup=false")
                .run(context -> assertThat(health(context, "ticks").getStatus()).isEqualTo(Status.UNKNOWN));
    }

    @Test
    void shouldTellOfEachPipelineWhateverItsName() {
        application
                .withBean("one", Pipeline.class, () -> endless("in/out"))
                .withBean("other", Pipeline.class, () -> endless("Ticks of the clock"))
                .run(context -> {
                    assertThat(contributor(context).stream().map(HealthContributors.Entry::name))
                            .containsExactly("in/out", "Ticks of the clock");
                    assertThat(contributor(context).getContributor("none")).isNull();
                });
    }

    private static Health health(AssertableApplicationContext context, String pipeline) {
        HealthIndicator indicator = (HealthIndicator) contributor(context).getContributor(pipeline);
        assertThat(indicator).isNotNull();
        return indicator.health();
    }

    private static CompositeHealthContributor contributor(AssertableApplicationContext context) {
        return context.getBean("pipelinesHealthContributor", CompositeHealthContributor.class);
    }

    private static RunningPipeline running(AssertableApplicationContext context, String name) {
        return context.getBean(RunningPipelines.class).find(name).orElseThrow();
    }
}
