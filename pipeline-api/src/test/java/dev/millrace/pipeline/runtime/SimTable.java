package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.record.PipelineRecord;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a sink holds: a row for each key of a partition. With versions, the newest stays; without, the last to come. */
final class SimTable {

    final SimStage stage;
    final boolean isVersioned;
    final boolean isPipelined;

    /** Whether values come here after they were in a list. */
    private final boolean isAfterLists;

    private final SimWorld world;
    /** The order that values have on their way here. */
    private final Ordering arriving;

    private final Map<Row, Cell> rows = new HashMap<>();
    private final Map<Lane, SimValue> newest = new HashMap<>();
    private final IdentityHashMap<SimValue, Long> stamps = new IdentityHashMap<>();
    private final Set<SimValue> refused = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<SimRecord, Map<Integer, Integer>> calls = new HashMap<>();

    SimTable(
            SimWorld world,
            SimStage stage,
            boolean isVersioned,
            boolean isPipelined,
            Ordering arriving,
            boolean isAfterLists) {
        this.world = world;
        this.stage = stage;
        this.isAfterLists = isAfterLists;
        this.isVersioned = isVersioned;
        this.isPipelined = isPipelined;
        this.arriving = arriving;
    }

    private record Row(SimPartition partition, @Nullable Object key) {}

    private record Cell(SimValue value, long stamp) {}

    private record Lane(int epoch, @Nullable Object key) {}

    /** A value has failed in a way that makes another attempt wrong, as where nobody knows whether it was counted. */
    void refused(SimValue value) {
        refused.add(value);
    }

    /** A writer is handed a batch. */
    void called(List<PipelineRecord<SimValue>> batch) {
        for (PipelineRecord<SimValue> record : batch) {
            SimValue value = record.value();
            world.oracle.require(
                    !refused.contains(value),
                    "I5",
                    () -> value + " comes again to '" + stage.name() + "' though it was refused for good");
            Object key = isAfterLists ? null : SimPipeline.keyOf(world, value.record);
            world.oracle.require(
                    Objects.equals(record.key(), key),
                    "I3",
                    () -> value + " has key " + record.key() + " in '" + stage.name() + "', not " + key);
            Long stamp = stamps.putIfAbsent(value, record.writeTimestamp());
            if (stamp == null) {
                firstTime(value);
            } else {
                world.oracle.require(
                        stamp == record.writeTimestamp(),
                        "I3",
                        () -> value + " has another write timestamp than before");
            }
            if (world.plan.isCalm) {
                int count = calls.computeIfAbsent(value.record, r -> new HashMap<>())
                        .merge(value.index, 1, Integer::sum);
                world.oracle.require(
                        count == 1, "I5", () -> value + " comes again to '" + stage.name() + "' though nothing failed");
            }
        }
    }

    /** What a run has left undone may be written again by the next one. */
    void forgetWhatComesAgain() {
        calls.keySet()
                .removeIf(record -> record.offset >= record.partition.committed
                        && !SimPartition.holds(record.partition.committedRuns, record.offset));
    }

    private void firstTime(SimValue value) {
        Ordering ordering = weaker(arriving, isPipelined ? Ordering.UNORDERED : kept(stage, isAfterLists));
        if (ordering == Ordering.UNORDERED) {
            return;
        }
        Object key = ordering == Ordering.PER_KEY ? SimPipeline.keyOf(world, value.record) : "";
        SimValue before = newest.put(new Lane(value.epoch, key), value);
        world.oracle.require(
                before == null || before.isBefore(value),
                "I3",
                () -> value + " comes to '" + stage.name() + "' after " + before + ", ordering " + ordering);
    }

    void apply(PipelineRecord<SimValue> record) {
        SimValue value = record.value();
        world.oracle.note(() -> "  '" + stage.name() + "' holds " + value + " @" + record.writeTimestamp());
        value.record.held.add(new SimSight(stage.place(), value.index));
        Row row = new Row(value.record.partition, SimPipeline.keyOf(world, value.record));
        Cell cell = rows.get(row);
        if (!isVersioned || cell == null || cell.stamp <= record.writeTimestamp()) {
            rows.put(row, new Cell(value, record.writeTimestamp()));
        }
    }

    /** At the end, each row must hold the last of its values, of those that no stage has ever given up. */
    void checkLast() {
        if (arriving == Ordering.UNORDERED || !isVersioned && stage.ordering() == Ordering.UNORDERED) {
            return;
        }
        rows.forEach((row, cell) -> {
            for (SimRecord record : row.partition.log) {
                if (record.isDoneElsewhere || world.oracle.wasGivenUp(record) || !isOfRow(record, row)) {
                    continue;
                }
                for (SimSight sight : record.held) {
                    SimValue value = new SimValue(record, sight.index(), 0);
                    world.oracle.require(
                            sight.place() != stage.place() || !cell.value.isBefore(value),
                            "I3",
                            () -> "the last in row " + row.partition.name + "/" + row.key + " of '" + stage.name()
                                    + "' is " + cell.value + ", not " + value);
                }
            }
        });
    }

    private boolean isOfRow(SimRecord record, Row row) {
        return Objects.equals(SimPipeline.keyOf(world, record), row.key);
    }

    /** The order that a stage keeps: without a key, that of the partition rather than of keys. */
    static Ordering kept(SimStage stage, boolean isAfterLists) {
        return isAfterLists && stage.ordering() == Ordering.PER_KEY ? Ordering.PER_PARTITION : stage.ordering();
    }

    static Ordering weaker(Ordering one, Ordering other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
