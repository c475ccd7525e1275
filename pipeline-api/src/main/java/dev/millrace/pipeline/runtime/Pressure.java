package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.Throttle;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Whether the source must be held back. Full at the bound, and no longer full only at half of it, so that a source is
 * not paused and resumed for every record. A throttled pipeline reads hardly ahead: what a poll brings, at most.
 */
final class Pressure {

    private static final int POLL_LIMIT = 500;
    private static final long THROTTLED_AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final RunnerOptions options;
    private final int pollLimit;
    private final int maxWaiting;
    private boolean isFull;
    private boolean isGapWide;
    private volatile boolean isRoomWanted;

    Pressure(RunnerOptions options, PipelineGraph graph) {
        this.options = options;
        int limit = Math.min(POLL_LIMIT, options.maxInFlight);
        int waiting = options.maxInFlight;
        for (StageNode node : graph.stages()) {
            if (node instanceof StageNode.Throttled throttled) {
                limit = Math.min(limit, ahead(throttled.throttle()));
                waiting = limit;
            }
        }
        this.pollLimit = limit;
        this.maxWaiting = waiting;
    }

    private static int ahead(Throttle throttle) {
        long pause = Math.max(1, Nanos.of(throttle.minPause()) / 2 + Nanos.of(throttle.maxPause()) / 2);
        return (int) Math.max(1, Math.min(POLL_LIMIT, THROTTLED_AHEAD_NANOS / pause));
    }

    int pollLimit() {
        return pollLimit;
    }

    /**
     * The source loop's. Where partitions cannot be paused one by one, a single one that lags too far counts as well.
     */
    boolean isFull(Collection<Partition> partitions, boolean isPausable) {
        isFull = isOver(partitions, isFull ? 2 : 1);
        isGapWide = !isPausable && isLagging(partitions, isGapWide ? 2 : 1);
        isRoomWanted = isFull || isGapWide;
        // Counted again now that workers know, for one may have made the room just before.
        isFull = isFull && isOver(partitions, 2);
        isGapWide = isGapWide && isLagging(partitions, 2);
        return isFull || isGapWide;
    }

    private boolean isLagging(Collection<Partition> partitions, int part) {
        return partitions.stream().anyMatch(partition -> partition.ledgerSize() >= Math.max(1, options.maxGap / part));
    }

    private boolean isOver(Collection<Partition> partitions, int part) {
        long records = 0;
        long bytes = 0;
        long waiting = 0;
        for (Partition partition : partitions) {
            records += partition.recordsInFlight();
            bytes += partition.bytesInFlight();
            waiting += partition.recordsWaiting();
        }
        return records >= Math.max(1, options.maxInFlight / part)
                || bytes >= Math.max(1, options.maxInFlightBytes / part)
                || waiting >= Math.max(1, maxWaiting / part);
    }

    /** A worker's: whether the source loop waits for room and this worker has made its share of it. */
    boolean isRelieved(WorkerCounters counters) {
        if (!isRoomWanted) {
            return false;
        }
        boolean isRoom = counters.inFlight() <= options.maxInFlight / 2 / options.workers
                && counters.waiting() <= maxWaiting / 2 / options.workers;
        if (isRoom) {
            isRoomWanted = false;
        }
        return isRoom;
    }

    /**
     * A worker's: whether it has as many records or bytes as would be its part of what keeps a full pipeline full.
     * While the source is held back, there is such a worker.
     */
    static boolean isShare(WorkerCounters counters, RunnerOptions options) {
        return counters.inFlight() >= Math.max(1, options.maxInFlight / 2 / options.workers)
                || counters.bytesInFlight() >= Math.max(1, options.maxInFlightBytes / 2 / options.workers);
    }

    /** Pauses partitions whose frontier lags too far behind their newest record, each by itself. */
    void overGap(
            Collection<Partition> partitions, Consumer<Collection<String>> pause, Consumer<Collection<String>> resume) {
        for (Partition partition : partitions) {
            int size = partition.ledgerSize();
            if (!partition.isPaused && size >= options.maxGap) {
                partition.isPaused = true;
                pause.accept(List.of(partition.name));
            } else if (partition.isPaused && size <= options.maxGap / 2) {
                partition.isPaused = false;
                resume.accept(List.of(partition.name));
            }
        }
    }
}
