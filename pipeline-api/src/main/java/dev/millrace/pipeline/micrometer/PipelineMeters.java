package dev.millrace.pipeline.micrometer;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.runtime.StageStats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All meters of one running pipeline. Thread-safe. */
final class PipelineMeters {

    private final MeterRegistry registry;
    private final String pipeline;
    private final List<StageNode> nodes;
    private final int run;
    private final Tags tags;
    private final Snapshot snapshot;
    private final MeterGroup meters;
    private final Map<String, MeterGroup> partitions = new HashMap<>();
    private boolean isRemoved;

    PipelineMeters(MeterRegistry registry, Tags tags, RunningPipeline running) {
        this.registry = registry;
        this.pipeline = running.pipeline().name();
        this.nodes = running.pipeline().graph().all();
        this.run = Runs.begin(registry, pipeline);
        this.tags = tags.and("pipeline", pipeline, "run", String.valueOf(run));
        this.snapshot = new Snapshot(running);
        this.meters = new MeterGroup(registry, snapshot);
    }

    synchronized void bind() {
        PipelineStats stats = snapshot.stats();
        ofPipeline();
        for (int i = 0; i < stats.stages().size(); i++) {
            StageStats stage = stats.stages().get(i);
            StageMeters.add(meters, tags.and("stage", stage.stage()), i, stage);
            if (i < nodes.size() && nodes.get(i) instanceof StageNode.Enrich) {
                StageMeters.addEnrichment(meters, tags.and("stage", stage.stage()), i, stage);
            }
        }
    }

    private void ofPipeline() {
        meters.counter(
                "millrace.pipeline.read", "records", tags, all -> all.stats().recordsRead());
        meters.counter(
                "millrace.pipeline.done", "records", tags, all -> all.stats().recordsDone());
        meters.counter(
                "millrace.pipeline.dead.lettered",
                "records",
                tags,
                all -> all.stats().deadLetters());
        meters.counter(
                "millrace.pipeline.skipped", "records", tags, all -> all.stats().skipped());
        meters.counter(
                "millrace.pipeline.late", "records", tags, all -> all.stats().lateAcknowledgements());
        meters.counter(
                "millrace.pipeline.data.losses",
                "ranges",
                tags,
                all -> all.stats().dataLosses());
        meters.gauge(
                "millrace.pipeline.in.flight",
                "records",
                tags,
                all -> all.stats().recordsInFlight());
        meters.gauge(
                "millrace.pipeline.in.flight.size",
                "bytes",
                tags,
                all -> all.stats().bytesInFlight());
    }

    synchronized void partitions(Set<String> names) {
        if (isRemoved) {
            return;
        }
        partitions.entrySet().removeIf(entry -> {
            if (names.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().remove();
            return true;
        });
        for (String name : names) {
            partitions.computeIfAbsent(name, come -> {
                MeterGroup group = new MeterGroup(registry, snapshot);
                PartitionMeters.add(group, tags.and("partition", come), come);
                return group;
            });
        }
    }

    synchronized void remove() {
        isRemoved = true;
        meters.remove();
        partitions.values().forEach(MeterGroup::remove);
        partitions.clear();
        Runs.end(registry, pipeline, run);
    }
}
