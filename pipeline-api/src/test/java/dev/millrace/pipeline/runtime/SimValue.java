package dev.millrace.pipeline.runtime;

/**
 * A value on its way, made anew whenever its record is polled. Values of a record are numbered as in a heap, so that
 * the number tells the ancestors, and siblings ascend.
 */
final class SimValue {

    static final int FAN_OUT = 3;

    final SimRecord record;
    final int index;
    final int epoch;

    SimValue(SimRecord record, int index, int epoch) {
        this.record = record;
        this.index = index;
        this.epoch = epoch;
    }

    /** The same value after a stage. */
    SimValue next() {
        return new SimValue(record, index, epoch);
    }

    SimValue child(int number) {
        return new SimValue(record, childIndex(index, number), epoch);
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
