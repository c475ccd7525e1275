package dev.millrace.benchmarks.millrace;

import static dev.millrace.pipeline.policy.StageOptions.with;

import dev.millrace.benchmarks.workload.GrowthTask;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.StateStore;

/** A pipeline without servers, of as many records, partitions, keys and stages as asked for; once to warm up. */
final class Growth {

    private static final long WARM_UP = 3_000_000;

    private Growth() {}

    public static void main(String[] args) throws Exception {
        GrowthTask task = GrowthTask.ofProperties();
        GrowthTask warmUp = new GrowthTask(
                Math.min(WARM_UP, task.records()), task.partitions(), task.keys(), task.stages(), task.end());
        try (RunningPipeline running = PipelineRunner.create().start(pipeline(warmUp, true))) {
            running.awaitTermination();
        }
        Stopwatch.forgetPeaks();
        try (RunningPipeline running = PipelineRunner.create().start(pipeline(task, false))) {
            Stopwatch.await(task.records(), () -> running.stats().recordsDone());
            running.close();
            running.awaitTermination();
        }
    }

    private static Pipeline pipeline(GrowthTask task, boolean isEnding) {
        Stage<Long> stage = Pipeline.named("growth").from(context -> new Numbers(task, context.pollLimit(), isEnding));
        for (int i = 0; i < task.stages(); i++) {
            stage = stage.map(number -> number + 1);
        }
        return switch (task.end()) {
            case NONE -> stage.to(Sinks.discard());
            case IN_ORDER -> stage.to(Sinks.discard(), with().ordering(Ordering.PER_KEY));
            case COUNTED ->
                stage.keyBy(number -> number)
                        .aggregate(
                                Aggregators.counting(), (number, count) -> count, Aggregation.keptIn(StateStore.none()))
                        .to(Sinks.discard());
        };
    }
}
