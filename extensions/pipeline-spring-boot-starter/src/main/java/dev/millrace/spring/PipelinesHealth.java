package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The health of each pipeline. What one only complains of is in its details: to start it anew would mend nothing. */
final class PipelinesHealth implements CompositeHealthContributor {

    private final RunningPipelines pipelines;

    PipelinesHealth(RunningPipelines pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    public Stream<HealthContributors.Entry> stream() {
        return pipelines.names().stream().map(name -> new HealthContributors.Entry(name, indicator(name)));
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        return pipelines.names().contains(name) ? indicator(name) : null;
    }

    private HealthIndicator indicator(String name) {
        return () -> pipelines.find(name).map(PipelinesHealth::of).orElseGet(PipelinesHealth::notStarted);
    }

    private static Health notStarted() {
        return Health.unknown().withDetail("state", "NOT_STARTED").build();
    }

    private static Health of(RunningPipeline running) {
        PipelineHealth health = running.health();
        PipelineState state = running.state();
        Health.Builder told = state == PipelineState.FAILED ? Health.down() : Health.up();
        told.withDetail("state", state);
        if (health.status() == PipelineHealth.Status.DEGRADED) {
            told.withDetail("degraded", true);
        }
        if (state != PipelineState.STOPPED && !health.reasons().isEmpty()) {
            told.withDetail("reasons", health.reasons());
        }
        return told.build();
    }
}
