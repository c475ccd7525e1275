package dev.millrace.kafka;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The leader epochs of the records read and not yet committed. An epoch lasts for as long as a broker leads the
 * partition, so a range of offsets for each is all there is to keep: nearly always one.
 */
final class LeaderEpochs {

    private record Range(long from, Optional<Integer> epoch) {}

    private final ArrayDeque<Range> ranges = new ArrayDeque<>();

    /** Notes a record's epoch; offsets ascend. */
    void add(long offset, Optional<Integer> epoch) {
        Range last = ranges.peekLast();
        if (last == null || !last.epoch().equals(epoch)) {
            ranges.addLast(new Range(offset, epoch));
        }
    }

    /** The epoch of the newest record. */
    Optional<Integer> newest() {
        return ranges.isEmpty() ? Optional.empty() : ranges.getLast().epoch();
    }

    /** The epoch of the last record below an offset. Ranges that no greater offset can ask for are forgotten. */
    Optional<Integer> below(long offset) {
        Range newest = null;
        while (!ranges.isEmpty() && ranges.peekFirst().from() < offset) {
            newest = ranges.pollFirst();
        }
        if (newest == null) {
            return Optional.empty();
        }
        ranges.addFirst(newest);
        return newest.epoch();
    }
}
