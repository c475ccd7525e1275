package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The one aggregate of a pipeline: which values are of which key, and what must be true of what is kept and told. */
final class SimAggregate {

    /** In place of a key where all are told as one. */
    private static final Object ALL = "all";

    private static final long ROUNDS_OF_A_LIFE = 10_000_000;
    private static final long NEVER = -1;
    private static final long LONGEST_OWED = TimeUnit.MINUTES.toNanos(1);

    final SimStage stage;
    /** Stands for making what is told. */
    final SimStage telling;

    final boolean isWhole;
    final SimStates states;
    /** Those of the sinks behind. */
    final List<SimToldTable> tables = new ArrayList<>();

    private final SimWorld world;
    private final boolean isKeyOfOnePartition;
    private final int keys;
    private final Map<SimPartition, SimTally> all = new HashMap<>();
    private final Map<SimPartition, Map<Object, List<Counted>>> counted = new HashMap<>();
    /** By the place of the stage, over all runs. */
    private final Map<Integer, SimTally> failed = new HashMap<>();

    private final Map<Integer, SimTally> skipped = new HashMap<>();
    private boolean isRepaired;

    // Of the present life of the pipeline.
    private final Map<Object, Told> told = new HashMap<>();
    private int lives;
    private long round;
    private boolean hasFailed;
    private long owedSince = NEVER;

    SimAggregate(SimWorld world, SimStage stage, SimStage telling, boolean isWhole, boolean isKeyOfOnePartition) {
        this.world = world;
        this.stage = stage;
        this.telling = telling;
        this.isWhole = isWhole;
        this.isKeyOfOnePartition = isKeyOfOnePartition;
        this.keys = 1 + world.random.nextInt(4);
        this.states = new SimStates(world, this);
    }

    /** A value that comes to the aggregate where nothing fails. */
    private record Counted(SimRecord record, int index) {

        @Override
        public String toString() {
            return record + "#" + index;
        }
    }

    /** What was told last of a key, and the states that were loaded by then. */
    private record Told(SimTally tally, Map<SimPartition, SimStateTable.Load> loads) {}

    Object keyOf(SimRecord record, int index) {
        String where = isKeyOfOnePartition ? record.partition.name : "all";
        return where + "/" + (record.offset * 7 + index) % keys;
    }

    /** Whether what sinks hold in the end must be what an uninterrupted run comes to. */
    boolean isOfOneInstance() {
        return !world.plan.isGrouped || isKeyOfOnePartition && !isWhole;
    }

    // What the engine calls.

    Aggregator<SimValue, SimTally, SimTally> aggregator(Consumer<List<SimValue>> function) {
        return new Aggregator<>() {
            @Override
            public SimTally initial() {
                return SimTally.NONE;
            }

            @Override
            public SimTally add(SimTally state, SimValue value) {
                function.accept(List.of(value));
                return added(state, value);
            }

            @Override
            public SimTally merge(SimTally one, SimTally other) {
                return one.and(other);
            }

            @Override
            public SimTally result(SimTally state) {
                return state;
            }

            @Override
            public StateFormat<SimTally> format() {
                return SimTally.FORMAT;
            }
        };
    }

    private SimTally added(SimTally state, SimValue value) {
        boolean isAgain = state.has(value.record, value.index);
        world.oracle.require(
                !isAgain || wasGivenUp(value.record),
                "A1",
                () -> value + " is counted though the state includes it already");
        return state.with(value.record, value.index);
    }

    /** A record that was given up in part may come again as fewer values, or more; states know only how many. */
    private boolean wasGivenUp(SimRecord record) {
        return world.oracle.wasGivenUpBefore(record, stage.place());
    }

    /** A result of one key is made. */
    SimTold tell(Object key, SimTally tally, SimFunction function) {
        SimTold result = new SimTold(this, key, tally);
        if (!isWhole) {
            telling(key, tally);
            boolean isMade = false;
            try {
                function.call(List.of(result));
                isMade = true;
            } finally {
                hasFailed |= !isMade;
            }
        }
        return result;
    }

    /** All that is told at once. */
    SimTold whole(List<SimTold> each, SimFunction function) {
        SimTally tally = SimTally.NONE;
        for (SimTold one : each) {
            tally = tally.and(one.tally);
        }
        telling(ALL, tally);
        SimTold whole = new SimTold(this, null, tally);
        whole.round = round;
        function.call(List.of(whole));
        return whole;
    }

    /** The first of a round leaves the aggregate, or another one. */
    void leaves(long number) {
        long id = lives * ROUNDS_OF_A_LIFE + number;
        if (id != round) {
            // Of a round that goes on a first result may have failed, and states may be loaded meanwhile.
            world.oracle.require(
                    hasFailed || !states.present().isLoading(), "A6", () -> "a round begins while states are loaded");
            round = id;
        }
        hasFailed = false;
    }

    long round() {
        return round;
    }

    /** What is told of a partition that has not moved is never less than before. */
    private void telling(Object key, SimTally tally) {
        SimStateTable table = states.present();
        world.oracle.note(() -> "tell " + key + "=" + tally);
        world.oracle.require(!table.isSaving(), "A5", () -> key + " is told while states are being kept");
        Map<SimPartition, SimStateTable.Load> loads = new HashMap<>();
        Told former = told.get(key);
        for (SimPartition partition : world.partitions) {
            SimStateTable.Load load = table.lastOf(partition);
            if (load == null || !load.isOfNow()) {
                continue;
            }
            loads.put(partition, load);
            if (former != null && former.loads.get(partition) == load) {
                SimTally gone = former.tally.of(allOf(partition)).without(tally);
                world.oracle.require(gone.isEmpty(), "A7", () -> key + " is told without " + gone + " of before");
            }
        }
        told.put(key, new Told(tally, loads));
    }

    private SimTally allOf(SimPartition partition) {
        return all.computeIfAbsent(partition, SimTally::ofAll);
    }

    // What the world asks.

    /** A life of the pipeline begins. */
    void begins() {
        lives++;
        told.clear();
        owedSince = NEVER;
        hasFailed = false;
    }

    /** States of a partition are about to be kept. */
    void toBeKept(SimPartition partition, List<KeptState> changed) {
        for (KeptState each : changed) {
            KeyedStates.State state = read(each);
            SimTally tally = (SimTally) state.value();
            SimTally before = states.of(partition, state.key());
            for (Counted value : counted(partition).getOrDefault(state.key(), List.of())) {
                if (!tally.has(value.record, value.index)) {
                    world.oracle.require(
                            value.record.offset >= state.offset() || isGivenUp(value),
                            "A2",
                            () -> value + " is not in the state at " + state.offset() + ", and may come again");
                } else if (!before.has(value.record, value.index)) {
                    requireTold(value);
                }
            }
        }
    }

    private boolean isGivenUp(Counted value) {
        return wasGivenUp(value.record)
                || world.oracle.isGivenUp(value.record, new SimSight(stage.place(), value.index));
    }

    private void requireTold(Counted value) {
        for (SimToldTable table : tables) {
            SimSight sight = new SimSight(table.stage.place(), value.index);
            world.oracle.require(
                    isTold(value.record, sight),
                    "A3",
                    () -> value + " is kept, but '" + table.stage.name() + "' does not hold it");
        }
    }

    /** Whether a stage is behind the aggregate. */
    boolean isBehind(int place) {
        return place != telling.place() && world.oracle.isOnTheWay(telling.place(), place);
    }

    /** Whether a sink holds a value, or a stage before it has passed over what was told of it. */
    boolean isTold(SimRecord record, SimSight sight) {
        return tables.stream()
                        .anyMatch(table -> table.stage.place() == sight.place()
                                && table.held().has(record, sight.index()))
                || isPassedOver(record, sight)
                || wasGivenUp(record);
    }

    private boolean isPassedOver(SimRecord record, SimSight sight) {
        return skipped.entrySet().stream()
                .anyMatch(skip -> world.oracle.isOnTheWay(skip.getKey(), sight.place())
                        && skip.getValue().has(record, sight.index()));
    }

    /** What of a record is not in the states, or {@code null}. */
    @Nullable
    String unkept(SimRecord record) {
        for (Counted value : countedOf(record)) {
            boolean isKept =
                    states.of(record.partition, keyOf(record, value.index)).has(record, value.index);
            if (!isKept && !isGivenUp(value)) {
                return value + " is in no state";
            }
        }
        return null;
    }

    boolean isPoison(SimStage place, SimTally tally, double rate) {
        return !world.plan.isCalm && !isRepaired && place.isPoison(tally.hashCode(), rate);
    }

    void failed(SimStage place, SimTally tally) {
        failed.merge(place.place(), tally, SimTally::and);
    }

    /** A stage passes over something that was told; of what has failed there it may be any. */
    void skipped(int place) {
        SimTally tally = failed.get(place);
        world.oracle.require(tally != null, "I1", () -> "a result is skipped though none has failed");
        skipped.merge(place, Objects.requireNonNullElse(tally, SimTally.NONE), SimTally::and);
    }

    /** Somebody repairs what made results fail. */
    void repair() {
        isRepaired = true;
    }

    /**
     * Whether something is still to be told, though all is read: of a key that was told without a partition that has
     * come since.
     */
    boolean isOwing() {
        boolean isIncomplete = states.present().hasLoadedAll()
                && world.partitions.stream().anyMatch(partition -> partition.isAssigned && isOwing(partition));
        if (!isIncomplete) {
            owedSince = NEVER;
            return false;
        }
        owedSince = owedSince == NEVER ? world.scheduler.now() : owedSince;
        boolean isOwing = world.scheduler.now() - owedSince <= LONGEST_OWED;
        world.oracle.require(isOwing, "A8", () -> "nothing is told though a partition adds to what was told");
        return isOwing;
    }

    private boolean isOwing(SimPartition partition) {
        for (Map.Entry<Object, List<Counted>> key : counted(partition).entrySet()) {
            Told last = told.get(isWhole ? ALL : key.getKey());
            SimTally kept = states.of(partition, key.getKey());
            if (last == null
                    || isOvertaken(key.getKey())
                    || kept.without(last.tally).isEmpty()) {
                continue;
            }
            for (Counted value : key.getValue()) {
                if (kept.has(value.record, value.index)
                        && !last.tally.has(value.record, value.index)
                        && !value.record.isDoneElsewhere
                        && !wasGivenUp(value.record)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Another instance counts a record. */
    void countElsewhere(SimRecord record) {
        Aggregator<Object, Object, Object> plain = plain();
        KeyedStates other = new KeyedStates(plain, KeyFormat.SIMPLE);
        try {
            for (KeptState each : states.of(record.partition.name)) {
                other.load(each);
            }
            for (Counted value : countedOf(record)) {
                other.add(keyOf(record, value.index), new SimValue(record, value.index, 0), record.offset);
            }
            long call = states.nextCall();
            for (KeyedStates.State state : other.takeChanges()) {
                states.keep(record.partition.name, KeyedStates.kept(state, plain, KeyFormat.SIMPLE), call);
            }
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    KeyedStates.State read(KeptState state) {
        try {
            return new KeyedStates(plain(), KeyFormat.SIMPLE).load(state);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("unchecked")
    private Aggregator<Object, Object, Object> plain() {
        return (Aggregator<Object, Object, Object>) (Aggregator<?, ?, ?>) aggregator(values -> {});
    }

    private boolean isOvertaken(Object key) {
        return isWhole ? states.isAnyOvertaken() : states.isOvertaken(key);
    }

    /** At the end each sink must hold what an uninterrupted run comes to. */
    void checkLast() {
        if (!isOfOneInstance()) {
            return;
        }
        for (SimPartition partition : world.partitions) {
            counted(partition).forEach((key, values) -> values.forEach(value -> checkLast(key, value)));
        }
    }

    private void checkLast(Object key, Counted value) {
        if (value.record.isDoneElsewhere || isGivenUp(value) || isOvertaken(key)) {
            return;
        }
        for (SimToldTable table : tables) {
            SimSight sight = new SimSight(table.stage.place(), value.index);
            boolean isSkipped = isPassedOver(value.record, sight);
            SimTally last = table.last(isWhole ? null : key);
            world.oracle.require(
                    isSkipped || last.has(value.record, value.index),
                    "A9",
                    () -> "the last of " + key + " in '" + table.stage.name() + "' is " + last + ", without " + value);
        }
    }

    private Map<Object, List<Counted>> counted(SimPartition partition) {
        return counted.computeIfAbsent(partition, of -> {
            Map<Object, List<Counted>> byKey = new LinkedHashMap<>();
            for (SimRecord record : of.log) {
                countedOf(record)
                        .forEach(value -> byKey.computeIfAbsent(keyOf(record, value.index), key -> new ArrayList<>())
                                .add(value));
            }
            return byKey;
        });
    }

    private List<Counted> countedOf(SimRecord record) {
        return world.oracle.arriving(record, stage.place()).stream()
                .map(index -> new Counted(record, index))
                .toList();
    }
}
