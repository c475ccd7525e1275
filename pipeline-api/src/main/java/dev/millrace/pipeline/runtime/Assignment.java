package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.OffsetRun;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.StageContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The partitions that the pipeline reads at present, and which worker has which. Belongs to the source loop. */
final class Assignment {

    private final Engine engine;
    private final List<Worker> workers;
    private final Optional<AggregateRounds> aggregate;
    private final int pollLimit;
    /** Read by others for explanations. */
    private final Map<String, Partition> partitions = new ConcurrentHashMap<>();

    private final List<Partition> filled = new ArrayList<>();
    private boolean hasChanged;
    private boolean hasMoved;

    /** @param workers those that get partitions */
    Assignment(Engine engine, List<Worker> workers, Optional<AggregateRounds> aggregate, int pollLimit) {
        this.engine = engine;
        this.workers = workers;
        this.aggregate = aggregate;
        this.pollLimit = pollLimit;
    }

    Collection<Partition> partitions() {
        return partitions.values();
    }

    Collection<String> names() {
        return List.copyOf(partitions.keySet());
    }

    List<Partition> partitionsOf(Worker worker) {
        return partitions.values().stream()
                .filter(partition -> partition.worker == worker)
                .sorted((a, b) -> a.name.compareTo(b.name))
                .toList();
    }

    /** Whether a poll may bring records of all partitions. */
    boolean isReadFrom() {
        return partitions.values().stream().noneMatch(partition -> partition.isPaused);
    }

    /** Whether partitions have been assigned since this was last asked. */
    boolean hasChanged() {
        boolean changed = hasChanged;
        hasChanged = false;
        return changed;
    }

    /** Whether partitions have come or gone since this was last asked. */
    boolean hasMoved() {
        boolean moved = hasMoved;
        hasMoved = false;
        return moved;
    }

    long recordsInFlight() {
        long records = 0;
        for (Partition partition : partitions.values()) {
            records += partition.recordsInFlight();
        }
        return records;
    }

    /** Mails the records to the workers of their partitions, each run of a partition as one. */
    void dispatch(Collection<? extends PipelineRecord<?>> records) {
        Partition current = null;
        for (PipelineRecord<?> record : records) {
            String name = record.partition();
            if (current == null || !current.name.equals(name)) {
                current = partitions.get(name);
                if (current == null) {
                    current = assign(name);
                }
                if (current.outgoing.isEmpty()) {
                    filled.add(current);
                }
            }
            current.outgoing.add(record);
            current.outgoingBytes += record.sizeInBytes();
        }
        for (Partition partition : filled) {
            List<PipelineRecord<?>> run = partition.outgoing;
            long bytes = partition.outgoingBytes;
            partition.outgoing = new ArrayList<>();
            partition.outgoingBytes = 0;
            partition.dispatchedRecords += run.size();
            partition.dispatchedBytes += bytes;
            partition.worker.execute(() -> partition.worker.receive(partition, run, bytes));
        }
        filled.clear();
    }

    /** What a commit tells: frontiers, and what is done beyond, where that is news. */
    record Progress(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) {

        boolean isEmpty() {
            return frontier.isEmpty() && beyond.isEmpty();
        }
    }

    /** What has been done since it was last committed. */
    Progress newProgress() {
        Progress progress = progress();
        progress.frontier().entrySet().removeIf(entry -> committedOf(entry.getKey()) >= entry.getValue());
        return progress;
    }

    private long committedOf(String name) {
        Partition partition = partitions.get(name);
        return partition == null ? Partition.NO_FRONTIER : partition.committed;
    }

    /** How far all partitions are. */
    Progress progress() {
        Map<String, List<OffsetRun>> beyond = newRuns(); // before the frontiers, which must not be older
        return new Progress(frontiers(), beyond);
    }

    private Map<String, List<OffsetRun>> newRuns() {
        Map<String, List<OffsetRun>> beyond = new HashMap<>();
        for (Partition partition : partitions.values()) {
            List<OffsetRun> runs = partition.runs();
            if (!runs.equals(partition.committedRuns)) {
                beyond.put(partition.name, runs);
            }
        }
        return beyond;
    }

    private Map<String, Long> frontiers() {
        Map<String, Long> frontiers = new HashMap<>();
        for (Partition partition : partitions.values()) {
            long frontier = partition.frontier();
            if (frontier != Partition.NO_FRONTIER) {
                frontiers.put(partition.name, frontier);
            }
        }
        return frontiers;
    }

    /** Has the workers publish what is done beyond the frontiers: for the last time, or now and then. */
    void askForRuns(boolean isLast) {
        for (Partition partition : partitions.values()) {
            if (partition.hasRuns()) {
                partition.worker.execute(isLast ? partition::publishRuns : partition::publishRunsIfDue);
            }
        }
    }

    void committed(Progress progress) {
        progress.frontier().forEach((name, frontier) -> {
            Partition partition = partitions.get(name);
            if (partition != null) {
                partition.committed = frontier;
            }
        });
        progress.beyond().forEach((name, runs) -> {
            Partition partition = partitions.get(name);
            if (partition != null) {
                partition.committedRuns = runs;
            }
        });
    }

    /** Notes per partition how many records follow those polled. */
    void unread(Map<String, Long> lag) {
        Instant now = engine.environment.now();
        lag.forEach((name, records) -> {
            Partition partition = partitions.get(name);
            if (partition != null) {
                partition.unread(records, now);
            }
        });
    }

    private Partition assign(String name) {
        forget(name);
        Worker worker = leastLoaded();
        Partition partition = engine.environment.parts().partition(name, worker);
        partitions.put(name, partition);
        aggregate.ifPresent(rounds -> rounds.opening(partition));
        hasChanged = true;
        hasMoved = true;
        return partition;
    }

    private Worker leastLoaded() {
        Worker least = workers.get(0);
        long fewest = Long.MAX_VALUE;
        for (Worker worker : workers) {
            long count = partitions.values().stream()
                    .filter(partition -> partition.worker == worker)
                    .count();
            if (count < fewest) {
                fewest = count;
                least = worker;
            }
        }
        return least;
    }

    private void forget(String name) {
        Partition former = partitions.remove(name);
        if (former != null) {
            hasMoved = true;
            former.worker.execute(() -> former.worker.close(former));
        }
    }

    /** Lets what has begun of these partitions finish, within the time allowed, and says how far they got. */
    private Map<String, Long> revoke(Collection<String> names) {
        List<Partition> leaving = names.stream()
                .map(partitions::get)
                .filter(partition -> partition != null)
                .toList();
        leaving.forEach(partition -> partition.worker.execute(() -> partition.worker.leave(partition)));
        // A pipeline that gives up finishes nothing any more, so there is nothing to wait for.
        boolean isDrained = engine.environment.await(
                () -> leaving.stream().allMatch(partition -> partition.recordsInFlight() == 0)
                        || engine.state() == PipelineState.ABANDONING,
                Nanos.of(engine.options.revokeTimeout));
        if (!isDrained) {
            engine.listeners.warn("", "revoked partitions are given up with records in flight");
        }
        Map<String, Long> frontiers = new HashMap<>();
        for (Partition partition : leaving) {
            long frontier = partition.frontier();
            if (frontier != Partition.NO_FRONTIER && engine.maySoundlyCommit()) {
                frontiers.put(partition.name, frontier);
            }
            forget(partition.name);
        }
        return frontiers;
    }

    SourceContext context(StageContext stage, Consumer<Duration> rest) {
        return new SourceContext() {
            @Override
            public String pipeline() {
                return stage.pipeline();
            }

            @Override
            public String stage() {
                return stage.stage();
            }

            @Override
            public long nanoTime() {
                return stage.nanoTime();
            }

            @Override
            public Executor blocking() {
                return stage.blocking();
            }

            @Override
            public int pollLimit() {
                return pollLimit;
            }

            @Override
            public void idle(Duration time) {
                rest.accept(time);
            }

            @Override
            public void assigned(Collection<String> names) {
                names.forEach(Assignment.this::assign);
            }

            @Override
            public Map<String, Long> revoked(Collection<String> names) {
                return revoke(names);
            }

            @Override
            public void lost(Collection<String> names) {
                names.forEach(Assignment.this::forget);
            }

            @Override
            public void dataLost(Collection<DataLoss> losses) {
                if (aggregate.isPresent() && losses.stream().anyMatch(DataLoss::isReplaced)) {
                    // Its states would take new records for such as they include already.
                    throw new DataLossException(losses);
                }
                engine.dataLost(losses);
            }
        };
    }
}
