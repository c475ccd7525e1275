package dev.millrace.pipeline.record;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Offsets of a partition whose records a source can no longer give: because they were removed before they were read, or
 * because what it holds now is not what it held when they were written. Some of them may never have held a record.
 *
 * @param partition the partition's name, unique within the source, such as {@code ratings-3} for partition 3 of a topic
 * @param from the first offset lost
 * @param to the last offset lost; empty where nobody knows, since the partition has become another one
 * @param reason what became of them, to be read after a colon; no payload
 * @param isReplaced whether other records have some of these offsets now, or will
 */
public record DataLoss(String partition, long from, OptionalLong to, String reason, boolean isReplaced) {

    /** Checks that all is there and that the range is one. */
    public DataLoss {
        Objects.requireNonNull(partition, "partition");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(reason, "reason");
        if (from < 0) {
            throw new IllegalArgumentException("from must not be negative, got " + from);
        }
        if (to.isPresent() && to.getAsLong() < from) {
            throw new IllegalArgumentException("to must not be less than from, " + from + ", got " + to.getAsLong());
        }
    }

    /** All offsets from the one to the other, both included, that no record has any more. */
    public static DataLoss between(String partition, long from, long to, String reason) {
        return new DataLoss(partition, from, OptionalLong.of(to), reason, false);
    }

    /** All offsets from the one to the other, both included, that other records have now, or will. */
    public static DataLoss replaced(String partition, long from, long to, String reason) {
        return new DataLoss(partition, from, OptionalLong.of(to), reason, true);
    }

    /** All offsets from the given one on, which other records have now, or will. */
    public static DataLoss beyond(String partition, long from, String reason) {
        return new DataLoss(partition, from, OptionalLong.empty(), reason, true);
    }

    /** As a clause for messages: partition, offsets and reason. */
    @Override
    public String toString() {
        if (to.isEmpty()) {
            return partition + " has lost all offsets from " + from + " on: " + reason;
        }
        long last = to.getAsLong();
        return partition + " has lost the offsets " + from + " to " + last + ", " + (last - from + 1) + " in all: "
                + reason;
    }
}
