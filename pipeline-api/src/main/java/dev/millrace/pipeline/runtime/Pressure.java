package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.Throttle;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Whether the source must be held back. Full at the bound, and no longer full once there is room: half of the bound, or
 * two polls of records where that is less. So a source is not paused and resumed for every record, and a sink that groups
 * what waits has nearly all of the bound to choose from. A throttled pipeline reads hardly ahead: what a poll brings, at
 * most.
 *
 * Fairness. A partition whose sink never answers would in time fill all there is with its records and stop the others. So
 * from a quarter of the bound on no partition may have more than its share in flight. The bound is shared out among all,
 * less the poll by which each may go over, and a poll at least; of bytes, since nobody knows how many a poll will bring,
 * half the bound. Where a partition has its share, it is set aside, which is to say paused by itself, until there is as
 * much room in that.
 * What those set aside hold counts as gone when it comes to letting go of the source. A source whose partitions cannot be
 * paused one by one has none of this.
 */
final class Pressure {

    private static final int POLL_LIMIT = 500;
    private static final int ROOM = 2 * POLL_LIMIT;
    private static final int PARTS_OF_TIGHT = 4;
    private static final long THROTTLED_AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final RunnerOptions options;
    private final int pollLimit;
    private final int maxWaiting;
    private boolean isFull;
    private boolean isGapWide;
    private volatile boolean isRoomWanted;
    /** How many records must be done, at most, before there is room, as far as records are too many. */
    private final AtomicLong missing = new AtomicLong();

    Pressure(RunnerOptions options, PipelineGraph graph) {
        this.options = options;
        int limit = Math.max(1, Math.min(POLL_LIMIT, options.maxInFlight / PARTS_OF_TIGHT));
        int waiting = options.maxInFlight;
        for (StageNode node : graph.all()) {
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
        isFull = isOver(partitions, isFull);
        isGapWide = !isPausable && isLagging(partitions, isGapWide);
        if (isFull || isGapWide) {
            long counted = tooMany(partitions);
            missing.set(counted);
            isRoomWanted = true;
            // Counted again now that workers know, for one may have made the room just before. What it tells of
            // meanwhile may
            // count twice, so that it wakes the loop too early rather than too late.
            missing.addAndGet(tooMany(partitions) - counted);
            isFull = isFull && isOver(partitions, true);
            isGapWide = isGapWide && isLagging(partitions, true);
            isRoomWanted = isFull || isGapWide;
        }
        return isFull || isGapWide;
    }

    private long tooMany(Collection<Partition> partitions) {
        Load all = Load.of(partitions);
        Load aside = Load.of(
                partitions.stream().filter(partition -> partition.isPaused).toList());
        return all.records - lowMark(options.maxInFlight, aside.records) + 1;
    }

    private boolean isLagging(Collection<Partition> partitions, boolean isHeld) {
        long most = isHeld ? Math.max(1, options.maxGap / 2) : options.maxGap;
        return partitions.stream().anyMatch(partition -> partition.ledgerSize() >= most);
    }

    private boolean isOver(Collection<Partition> partitions, boolean isHeld) {
        Load all = Load.of(partitions);
        if (!isHeld) {
            return all.records >= options.maxInFlight
                    || all.bytes >= options.maxInFlightBytes
                    || all.waiting >= maxWaiting;
        }
        Load aside = Load.of(
                partitions.stream().filter(partition -> partition.isPaused).toList());
        return all.records >= lowMark(options.maxInFlight, aside.records)
                || all.bytes >= aside.bytes + Math.max(1, (options.maxInFlightBytes - aside.bytes) / 2)
                || all.waiting >= lowMark(maxWaiting, aside.waiting);
    }

    /** Below how many records there is room, where those set aside hold so many. */
    private static long lowMark(long most, long aside) {
        return aside + Math.max(1, lowMark(most - aside));
    }

    /** What is to be left of so many records. */
    private static long lowMark(long most) {
        return Math.max(most / 2, most - ROOM);
    }

    /** What partitions have in flight together. */
    private static final class Load {

        private long records;
        private long bytes;
        private long waiting;

        static Load of(Collection<Partition> partitions) {
            Load load = new Load();
            for (Partition partition : partitions) {
                load.records += partition.recordsInFlight();
                load.bytes += partition.bytesInFlight();
                load.waiting += partition.recordsWaiting();
            }
            return load;
        }
    }

    /**
     * A worker's, once it has published what is done: whether the source loop waits for room, and all workers together
     * have made it.
     */
    boolean isRelieved(WorkerCounters counters) {
        long done = counters.takeNewlySettled();
        if (!isRoomWanted || missing.addAndGet(-done) > 0) {
            return false;
        }
        isRoomWanted = false;
        return true;
    }

    /**
     * A worker's: whether it has as many records or bytes as would be its part of what keeps a full pipeline full.
     * While the source is held back, there is such a worker.
     */
    static boolean isShare(WorkerCounters counters, RunnerOptions options) {
        return counters.inFlight() >= Math.max(1, options.maxInFlight / 2 / options.workers)
                || counters.bytesInFlight() >= Math.max(1, options.maxInFlightBytes / 2 / options.workers);
    }

    /** Pauses partitions that have more than their share or whose frontier lags too far, each by itself. */
    void setAside(
            Collection<Partition> partitions, Consumer<Collection<String>> pause, Consumer<Collection<String>> resume) {
        Load all = Load.of(partitions);
        boolean isTight = partitions.size() > 1
                && (all.records >= options.maxInFlight / PARTS_OF_TIGHT
                        || all.bytes >= options.maxInFlightBytes / PARTS_OF_TIGHT);
        int parts = Math.max(1, partitions.size());
        long records = Math.max(options.maxInFlight / parts - pollLimit, pollLimit);
        long bytes = options.maxInFlightBytes / (2L * parts);
        Partition.Room room = new Partition.Room(lowMark(records), bytes / 2, options.maxGap / 2);
        for (Partition partition : partitions) {
            boolean isOverShare = partition.recordsInFlight() >= records || partition.bytesInFlight() >= bytes;
            if (!partition.isPaused && (isTight && isOverShare || partition.ledgerSize() >= options.maxGap)) {
                pause.accept(List.of(partition.name));
                mark(partition, true, room);
            } else if (partition.isPaused && !partition.lacks(room)) {
                resume.accept(List.of(partition.name));
                mark(partition, false, null);
            }
        }
    }

    private static void mark(Partition partition, boolean isPaused, Partition.@Nullable Room room) {
        partition.isPaused = isPaused;
        partition.worker.execute(() -> partition.worker.setAside(partition, room));
    }
}
