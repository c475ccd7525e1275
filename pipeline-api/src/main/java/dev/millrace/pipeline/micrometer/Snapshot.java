package dev.millrace.pipeline.micrometer;

import dev.millrace.pipeline.runtime.PartitionStats;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.runtime.StageStats;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of a pipeline as of just now. A registry asks for one meter after the other; taken anew for each, they
 * would cost the square of the number of partitions. Thread-safe.
 */
final class Snapshot {

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final RunningPipeline running;
    private volatile @Nullable Taken last;

    Snapshot(RunningPipeline running) {
        this.running = running;
    }

    PipelineStats stats() {
        return taken().stats;
    }

    StageStats stage(int index) {
        return taken().stats.stages().get(index);
    }

    Optional<PartitionStats> partition(String name) {
        return Optional.ofNullable(taken().partitions.get(name));
    }

    private Taken taken() {
        long now = System.nanoTime();
        Taken taken = last;
        if (taken == null || now - taken.at > FRESH_NANOS) {
            PipelineStats stats = running.stats();
            taken = new Taken(
                    now,
                    stats,
                    stats.partitions().stream()
                            .collect(Collectors.toMap(PartitionStats::partition, Function.identity())));
            last = taken;
        }
        return taken;
    }

    private record Taken(long at, PipelineStats stats, Map<String, PartitionStats> partitions) {}
}
