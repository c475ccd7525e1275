package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the states of the world's aggregate beyond a crash. Of two of a key the one of the later record stays. */
final class SimStates implements StateStore {

    private final SimWorld world;
    private final SimAggregate aggregate;
    private final Map<String, Map<Object, Kept>> kept = new HashMap<>();
    /** The number of the last call for the states of a partition. */
    private final Map<String, Long> loads = new HashMap<>();
    /** Keys of which a state has come late, when it had been asked for what is kept already. */
    private final Set<Object> overtaken = new HashSet<>();

    private long calls;
    /** That of the present life. */
    private @Nullable SimStateTable present;

    SimStates(SimWorld world, SimAggregate aggregate) {
        this.world = world;
        this.aggregate = aggregate;
    }

    /** A state, what it includes, and the number of the call that kept it. */
    private record Kept(KeptState state, SimTally tally, long call) {}

    @Override
    public StateTable open(StageContext context) {
        if (world.isFault() && world.chance(0.1)) {
            throw SimFault.unavailable();
        }
        aggregate.begins();
        present = new SimStateTable(this, aggregate, Objects.requireNonNull(world.run), context);
        return present;
    }

    SimStateTable present() {
        return Objects.requireNonNull(present);
    }

    long nextCall() {
        return ++calls;
    }

    /** Somebody asks for the states of a partition. */
    void loads(String partition) {
        loads.put(partition, nextCall());
    }

    /**
     * Whether less may have been told of a key than before, and is kept now. Whoever loads that has no reason to tell
     * it: the next change of the key mends it.
     */
    boolean isOvertaken(Object key) {
        return overtaken.contains(key);
    }

    boolean isAnyOvertaken() {
        return !overtaken.isEmpty();
    }

    List<KeptState> of(String partition) {
        return keptOf(partition).values().stream().map(Kept::state).toList();
    }

    private Map<Object, Kept> keptOf(String partition) {
        return kept.getOrDefault(partition, Map.of());
    }

    /** What is kept of all keys in all partitions. */
    SimTally all() {
        SimTally all = SimTally.NONE;
        for (Map<Object, Kept> ofPartition : kept.values()) {
            for (Kept state : ofPartition.values()) {
                all = all.and(state.tally);
            }
        }
        return all;
    }

    /** What is kept of a key in a partition. */
    SimTally of(SimPartition partition, Object key) {
        Kept state = keptOf(partition.name).get(key);
        return state == null ? SimTally.NONE : state.tally;
    }

    void keep(String partition, KeptState state, long call) {
        KeyedStates.State read = aggregate.read(state);
        Kept former = keptOf(partition).get(read.key());
        boolean isLate = former != null
                && (state.offset() < former.state.offset()
                        || state.offset() == former.state.offset() && call < former.call);
        world.oracle.note(() -> "  " + (isLate ? "passed over" : "kept") + " of " + partition + ": " + read);
        if (!isLate) {
            kept.computeIfAbsent(partition, name -> new LinkedHashMap<>())
                    .put(read.key(), new Kept(state, (SimTally) read.value(), call));
            if (call < loads.getOrDefault(partition, 0L)) {
                overtaken.add(read.key());
            }
        }
    }
}
