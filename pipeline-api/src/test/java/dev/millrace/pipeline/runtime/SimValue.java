package dev.millrace.pipeline.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A value on its way, made anew whenever its record is polled. Values of a record are numbered as in a heap, so that
 * the number tells the ancestors, and siblings ascend.
 */
final class SimValue implements SimItem {

    static final int FAN_OUT = 3;
    /** Indexes are less, for no way has more than two stages that make several values of one. */
    static final int MOST_VALUES = 16;

    final SimRecord record;
    final int index;
    final int epoch;

    /** Records that share its fate, having been in a list with it. */
    private final Set<SimRecord> companions;

    SimValue(SimRecord record, int index, int epoch) {
        this(record, index, epoch, Set.of());
    }

    private SimValue(SimRecord record, int index, int epoch, Set<SimRecord> companions) {
        this.record = record;
        this.index = index;
        this.epoch = epoch;
        this.companions = companions;
    }

    /** The same value after a stage. */
    SimValue next() {
        return new SimValue(record, index, epoch, companions);
    }

    SimValue child(int number) {
        return new SimValue(record, childIndex(index, number), epoch, companions);
    }

    /** The values of a list, each by itself again. */
    static List<SimValue> outOf(List<SimValue> list) {
        Set<SimRecord> companions = new HashSet<>();
        for (SimValue value : list) {
            companions.add(value.record);
            companions.addAll(value.companions);
        }
        return list.stream()
                .map(value -> new SimValue(value.record, value.index, value.epoch, companions))
                .toList();
    }

    /** Whether the assignment it was polled in is over. */
    boolean isLate() {
        return !record.partition.isAssigned || record.partition.epoch != epoch;
    }

    @Override
    public boolean isPoison(SimStage stage, double rate) {
        return stage.isPoison(record, index, rate);
    }

    @Override
    public boolean isUnknownTo(SimStage stage) {
        return stage.isMissing(record, index);
    }

    @Override
    public void failedAt(SimStage stage) {
        record.failures.add(new SimSight(stage.place(), index));
        companions.forEach(companion -> companion.sharedFailures.add(stage.place()));
    }

    static int childIndex(int index, int number) {
        return index * FAN_OUT + 1 + number;
    }

    /** Whether a value is the other or was made of it. */
    static boolean descends(int index, int ancestor) {
        int i = index;
        while (i > ancestor) {
            i = (i - 1) / FAN_OUT;
        }
        return i == ancestor;
    }

    boolean isBefore(SimValue other) {
        return record.offset != other.record.offset ? record.offset < other.record.offset : index < other.index;
    }

    @Override
    public String toString() {
        return record + "#" + index + "/" + epoch;
    }
}
