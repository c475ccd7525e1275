package dev.millrace.pipeline.micrometer;

import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows what pipelines do as metrics in a Micrometer registry:
 *
 * <pre>{@code
 * PipelineRunner.create().listener(PipelineMetrics.to(registry)).start(pipeline);
 * }</pre>
 *
 * <p>The meters of a pipeline come when it starts and go when it has ended; those of a partition go when it is no
 * longer read. All are named {@code millrace.…} and have the tags {@code pipeline} and {@code run}: the name of the
 * pipeline, and 1, or the lowest number that is free where a pipeline of that name runs already. They read counts that
 * the engine keeps anyway, only when the registry asks for them; nothing is called for a record.
 *
 * <p>Thread-safe; one may serve many pipelines. Each of its methods returns another one.
 */
public final class PipelineMetrics implements PipelineListener {

    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<RunningPipeline, PipelineMeters> bound = new ConcurrentHashMap<>();

    private PipelineMetrics(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** Metrics in that registry. */
    @SuppressWarnings("exports") // who calls it requires Micrometer; all others must not have to
    public static PipelineMetrics to(MeterRegistry registry) {
        return new PipelineMetrics(Objects.requireNonNull(registry, "registry"), Tags.empty());
    }

    /** With another tag on each meter. */
    public PipelineMetrics tag(String key, String value) {
        return new PipelineMetrics(
                registry, tags.and(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value")));
    }

    @Override
    public void onStateChange(RunningPipeline running, PipelineState state) {
        if (state == PipelineState.RUNNING) {
            bound.computeIfAbsent(running, started -> new PipelineMeters(registry, tags, started))
                    .bind();
        } else if (state.isFinal()) {
            PipelineMeters meters = bound.remove(running);
            if (meters != null) {
                meters.remove();
            }
        }
    }

    @Override
    public void onPartitionsChange(RunningPipeline running, Set<String> partitions) {
        PipelineMeters meters = bound.get(running);
        if (meters != null) {
            meters.partitions(partitions);
        }
    }

    @Override
    public String toString() {
        return "PipelineMetrics[pipelines " + bound.size() + "]";
    }
}
