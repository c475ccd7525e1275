package dev.millrace.pipeline.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The values that wait for a sink, in lanes of which each has at most one batch under way. Belongs to one worker. */
final class SinkLanes {

    /** In the order in which they came, so that what is done with all of them is the same each time. */
    private final Map<Object, Lane> lanes = new LinkedHashMap<>();
    /** Lanes that are free and hold values, each once. */
    private final ArrayDeque<Lane> free = new ArrayDeque<>();

    private final Lane unordered = new Lane(null);
    private int available;

    /**
     * The lane of that name, to which a value is about to be added; {@code null} for the one that is never busy. Throws
     * what a key of the user's throws.
     */
    Lane lane(@Nullable Object name) {
        return name == null ? unordered : lanes.computeIfAbsent(name, Lane::new);
    }

    void add(SinkItem item, Lane lane) {
        item.lane = lane;
        lane.waiting.add(item);
        if (lane.unsettled == 0) {
            available++;
            if (lane.waiting.size() == 1) {
                free.add(lane);
            }
        }
    }

    /** How many values free lanes hold. */
    int available() {
        return available;
    }

    /** Since when the value waits that is next; only while any are available. */
    long oldest() {
        return free.element().waiting.element().since;
    }

    /** Takes up to so many values, each lane's in order; their lanes are busy until they are settled. */
    List<SinkItem> take(int most) {
        List<SinkItem> taken = new ArrayList<>(Math.min(most, available));
        while (taken.size() < most && !free.isEmpty()) {
            Lane lane = free.element();
            for (int room = most - taken.size(); room > 0 && !lane.waiting.isEmpty(); room--) {
                SinkItem item = lane.waiting.remove();
                item.isTaken = true;
                taken.add(item);
                available--;
                if (lane != unordered) {
                    lane.unsettled++;
                }
            }
            if (lane != unordered || lane.waiting.isEmpty()) {
                free.remove();
                // A busy lane's values wait until it is free again.
                available -= lane == unordered ? 0 : lane.waiting.size();
            }
        }
        return taken;
    }

    /** The values of a partition that wait. */
    @SuppressWarnings("ReferenceEquality") // this assignment is meant, no other of that name
    List<SinkItem> waitingOf(Partition partition) {
        return Stream.concat(Stream.of(unordered), lanes.values().stream())
                .flatMap(lane -> lane.waiting.stream())
                .filter(item -> item.flight.partition == partition)
                .toList();
    }

    /** Takes out a value that waits. */
    void remove(SinkItem item) {
        Lane lane = Objects.requireNonNull(item.lane);
        lane.waiting.remove(item);
        if (lane.unsettled > 0) {
            return;
        }
        available--;
        if (lane.waiting.isEmpty()) {
            free.remove(lane);
            lanes.remove(lane.name);
        }
    }

    void settled(SinkItem item) {
        Lane lane = item.lane;
        if (lane == null || lane == unordered || --lane.unsettled > 0) {
            return;
        }
        if (lane.waiting.isEmpty()) {
            lanes.remove(lane.name);
        } else {
            available += lane.waiting.size();
            free.add(lane);
        }
    }

    private boolean isOrdered(SinkItem item) {
        return item.lane != unordered;
    }

    /** Adds the lane of a value to the others where its order is kept. */
    void noteIfOrdered(SinkItem item, Set<Object> others) {
        if (item.lane != null && isOrdered(item)) {
            others.add(item.lane);
        }
    }

    /** Puts values taken from busy lanes back to the front; each lane has values left that are not settled. */
    void putBack(List<SinkItem> items) {
        for (int i = items.size() - 1; i >= 0; i--) {
            SinkItem item = items.get(i);
            Lane lane = Objects.requireNonNull(item.lane);
            item.isTaken = false;
            lane.waiting.addFirst(item);
            lane.unsettled--;
        }
    }

    static final class Lane {

        private final @Nullable Object name;
        private final ArrayDeque<SinkItem> waiting = new ArrayDeque<>();
        private int unsettled;

        private Lane(@Nullable Object name) {
            this.name = name;
            if (name != null) {
                Lanes.keep(name);
            }
        }
    }
}
