package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a sink behind an aggregate holds: the last result of each key, or of all. */
final class SimToldTable {

    final SimStage stage;
    final boolean isVersioned;
    final boolean isPipelined;

    private final SimWorld world;
    private final SimAggregate aggregate;
    private final Map<@Nullable Object, Cell> rows = new HashMap<>();
    private final IdentityHashMap<SimTold, Long> stamps = new IdentityHashMap<>();
    private final Set<SimTold> refused = Collections.newSetFromMap(new IdentityHashMap<>());
    private SimTally held = SimTally.NONE;

    SimToldTable(SimWorld world, SimAggregate aggregate, SimStage stage, boolean isVersioned, boolean isPipelined) {
        this.world = world;
        this.aggregate = aggregate;
        this.stage = stage;
        this.isVersioned = isVersioned;
        this.isPipelined = isPipelined;
        aggregate.tables.add(this);
    }

    private record Cell(SimTally tally, long stamp) {}

    /** A result has failed in a way that makes another attempt wrong. */
    void refused(SimTold told) {
        refused.add(told);
    }

    /** A writer is handed a batch. */
    void called(List<PipelineRecord<SimTold>> batch) {
        for (PipelineRecord<SimTold> record : batch) {
            SimTold told = record.value();
            world.oracle.require(
                    !refused.contains(told),
                    "I5",
                    () -> told + " comes again to '" + stage.name() + "' though it was refused for good");
            world.oracle.require(
                    Objects.equals(record.key(), told.key),
                    "I3",
                    () -> told + " has key " + record.key() + " in '" + stage.name() + "'");
            world.oracle.require(
                    told.round == aggregate.round(),
                    "A5",
                    () -> told + " comes to '" + stage.name() + "' in round " + aggregate.round());
            Long stamp = stamps.putIfAbsent(told, record.writeTimestamp());
            world.oracle.require(
                    stamp == null || stamp == record.writeTimestamp(),
                    "I3",
                    () -> told + " has another write timestamp than before");
            world.oracle.require(
                    stamp == null || !world.plan.isCalm,
                    "I5",
                    () -> told + " comes again to '" + stage.name() + "' though nothing failed");
        }
    }

    void apply(PipelineRecord<SimTold> record) {
        SimTold told = record.value();
        world.oracle.note(() -> "  '" + stage.name() + "' holds " + told + " @" + record.writeTimestamp());
        held = held.and(told.tally);
        Cell cell = rows.get(told.key);
        if (!isVersioned || cell == null || cell.stamp <= record.writeTimestamp()) {
            rows.put(told.key, new Cell(told.tally, record.writeTimestamp()));
        }
    }

    /** All that it has ever held. */
    SimTally held() {
        return held;
    }

    /** What it holds of a key. */
    SimTally last(@Nullable Object key) {
        Cell cell = rows.get(key);
        return cell == null ? SimTally.NONE : cell.tally;
    }
}
