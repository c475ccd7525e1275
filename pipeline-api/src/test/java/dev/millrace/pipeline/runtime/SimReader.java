package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.OffsetRun;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A member of a group, or the only reader, of the world's partitions. Polls bring what chance says. */
final class SimReader implements SourceReader<SimValue> {

    private final SimRun run;
    private final SimWorld world;
    private final SourceContext context;
    private final SimGroup group;
    private int pollsSincePause;
    private int assignmentsBefore;
    private boolean isWoken;
    private boolean isClosed;
    /** What was done before this reader was opened, where it is not the first of its run. */
    private final long doneBefore;

    private long taken;

    SimReader(SimRun run, SourceContext context) {
        this.run = run;
        this.world = run.world;
        this.context = context;
        this.doneBefore = run.engine == null ? 0 : run.engine.stats().recordsDone();
        this.group = new SimGroup(run, context, frontier -> commitNow(frontier, Map.of()));
        for (SimPartition partition : world.partitions) {
            partition.isAssigned = false;
            if (!world.plan.isGrouped) {
                partition.assign(world.nextEpoch());
            }
        }
        if (world.aggregate != null && !world.plan.isGrouped) {
            context.assigned(
                    world.partitions.stream().map(partition -> partition.name).toList());
        }
    }

    @Override
    public List<PipelineRecord<SimValue>> poll(Duration timeout) throws Exception {
        world.oracle.require(!isClosed, "I7", () -> "poll after close");
        if (run.isCrashed()) {
            return List.of();
        }
        if (world.isFault() && world.chance(0.3)) {
            throw world.chance(0.9) ? SimFault.unavailable() : SimFault.retryable();
        }
        if (world.plan.isGrouped) {
            group.meet();
            if (run.isCrashed()) {
                return List.of();
            }
        }
        List<PipelineRecord<SimValue>> records = world.chance(0.1) ? new ArrayList<>() : take();
        boolean hasSurprises = hasSurprises();
        pollsSincePause = run.isPaused() ? pollsSincePause + 1 : 0;
        world.oracle.require(
                records.isEmpty() || pollsSincePause < 2 || hasSurprises,
                "I4",
                () -> records + " are read though the pipeline is paused");
        if (records.isEmpty()) {
            run.environment.await(() -> isWoken, timeout.toNanos());
        }
        isWoken = false;
        return records;
    }

    private List<PipelineRecord<SimValue>> take() {
        List<PipelineRecord<SimValue>> records = new ArrayList<>();
        int most = 1 + world.random.nextInt(context.pollLimit());
        List<SimPartition> ready = new ArrayList<>();
        for (SimPartition partition : world.partitions) {
            if (partition.isAssigned && !partition.isPaused && partition.hasMore()) {
                ready.add(partition);
            }
        }
        while (records.size() < most && !ready.isEmpty()) {
            SimPartition partition = ready.get(world.random.nextInt(ready.size()));
            int length = 1 + world.random.nextInt(most - records.size());
            for (; length > 0 && partition.hasMore(); length--) {
                SimRecord record = partition.next();
                if (record != null) {
                    records.add(recordOf(new SimValue(record, 0, partition.epoch)));
                }
            }
            if (!partition.hasMore()) {
                ready.remove(partition);
            }
        }
        taken += records.size();
        world.oracle.note(() -> "polled " + records);
        checkBound();
        commitIdle();
        return records;
    }

    /** Whether this poll may bring records of partitions that the engine has not known before. */
    private boolean hasSurprises() {
        boolean hasSurprises = !world.plan.isGrouped || group.assignments() > assignmentsBefore;
        assignmentsBefore = group.assignments();
        return hasSurprises;
    }

    private PipelineRecord<SimValue> recordOf(SimValue value) {
        SimRecord record = value.record;
        return PipelineRecord.of(value, record.partition.name, record.offset)
                .withKey(record.key)
                .withSize(10);
    }

    private void checkBound() {
        Engine engine = run.engine;
        if (engine == null || run.hasLost || engine.state() != PipelineState.RUNNING) {
            return;
        }
        PipelineStats stats = engine.stats();
        long inFlight = world.plan.isGrouped ? stats.recordsInFlight() : taken - stats.recordsDone() + doneBefore;
        long bound = (long) world.plan.runner.maxInFlight - 1 + (long) context.pollLimit() * (1 + surprises());
        world.oracle.require(inFlight <= bound, "I4", () -> inFlight + " records in flight, at most " + bound);
    }

    /** A partition that the engine did not know when it paused may bring a poll over the bound. */
    private int surprises() {
        return world.plan.isGrouped ? group.assignments() : isPausable() ? world.partitions.size() : 0;
    }

    @Override
    public boolean isExhausted() {
        if (!run.isBounded) {
            return false;
        }
        return world.partitions.stream().allMatch(partition -> partition.isAssigned && !partition.hasMore())
                && (world.aggregate == null || !world.aggregate.isOwing());
    }

    @Override
    public boolean isPausable() {
        return world.plan.isPausable;
    }

    @Override
    public void pause(Collection<String> names) {
        setPaused(names, true);
    }

    @Override
    public void resume(Collection<String> names) {
        setPaused(names, false);
    }

    private void setPaused(Collection<String> names, boolean isPaused) {
        world.oracle.note(() -> (isPaused ? "pause " : "resume ") + names);
        for (SimPartition partition : world.partitions) {
            if (names.contains(partition.name)) {
                world.oracle.require(
                        partition.isAssigned, "I9", () -> partition.name + " is paused or resumed while not assigned");
                partition.isPaused = isPaused;
            }
        }
    }

    @Override
    public void wakeup() {
        isWoken = true;
    }

    @Override
    public void commit(Map<String, Long> frontier) throws Exception {
        commit(frontier, Map.of());
    }

    @Override
    public void commit(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) throws Exception {
        if (run.isCrashed()) {
            return;
        }
        commitNow(frontier, beyond);
        if (world.isFault() && world.chance(0.5)) {
            throw world.chance(0.9) ? SimFault.unavailable() : SimFault.retryable();
        }
    }

    /** One that fails may have come through, or not. */
    private void commitNow(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) {
        if (run.isCrashed()) {
            return;
        }
        world.oracle.require(!isClosed, "I7", () -> "commit after close");
        boolean isEmpty = frontier.isEmpty() && beyond.isEmpty();
        world.oracle.require(!run.isFatal || isEmpty, "I2", () -> "commit after a fatal error");
        for (SimPartition partition : world.partitions) {
            Long offset = frontier.get(partition.name);
            List<OffsetRun> runs = beyond.get(partition.name);
            partition.done = offset == null ? partition.done : offset;
            partition.beyond = runs == null ? partition.beyond : runs;
            if (offset != null || runs != null) {
                commitNow(partition);
            }
        }
    }

    private void commitNow(SimPartition partition) {
        long offset = partition.toCommit();
        List<OffsetRun> runs = partition.runsToCommit();
        world.oracle.committed(partition, offset);
        world.oracle.doneBeyond(partition, offset, runs);
        if (!world.isFault()) {
            partition.committed = offset;
            partition.committedRuns = runs;
        }
    }

    /** Where nothing is in flight, the position is committed, so that what was passed over is as well. */
    private void commitIdle() {
        for (SimPartition partition : world.partitions) {
            boolean isIdle = partition.done >= partition.handedOut;
            if (partition.isAssigned && isIdle && partition.toCommit() > partition.committed && !run.isFatal) {
                commitNow(partition);
            }
        }
    }

    @Override
    public void close() {
        world.oracle.require(!isClosed, "I7", () -> "reader closed twice");
        isClosed = true;
        run.open--;
    }
}
