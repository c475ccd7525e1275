package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.StateFormat;
import java.util.BitSet;

/** Which values of the world's records a state includes, or a result. Immutable. */
final class SimTally {

    static final SimTally NONE = new SimTally(new BitSet());
    static final StateFormat<SimTally> FORMAT =
            StateFormat.of(tally -> tally.values.toByteArray(), bytes -> new SimTally(BitSet.valueOf(bytes)));

    private final BitSet values;

    private SimTally(BitSet values) {
        this.values = values;
    }

    /** All values that a partition may ever come to. */
    static SimTally ofAll(SimPartition partition) {
        BitSet all = new BitSet();
        for (SimRecord record : partition.log) {
            all.set(numberOf(record, 0), numberOf(record, SimValue.MOST_VALUES));
        }
        return new SimTally(all);
    }

    private static int numberOf(SimRecord record, int index) {
        return record.number * SimValue.MOST_VALUES + index;
    }

    boolean has(SimRecord record, int index) {
        return values.get(numberOf(record, index));
    }

    SimTally with(SimRecord record, int index) {
        BitSet more = copy();
        more.set(numberOf(record, index));
        return new SimTally(more);
    }

    SimTally and(SimTally other) {
        BitSet all = copy();
        all.or(other.values);
        return new SimTally(all);
    }

    SimTally of(SimTally some) {
        BitSet common = copy();
        common.and(some.values);
        return new SimTally(common);
    }

    SimTally without(SimTally others) {
        BitSet rest = copy();
        rest.andNot(others.values);
        return new SimTally(rest);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    private BitSet copy() {
        return (BitSet) values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SimTally tally && values.equals(tally.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.stream()
                .mapToObj(number -> number / SimValue.MOST_VALUES + "#" + number % SimValue.MOST_VALUES)
                .toList()
                .toString();
    }
}
