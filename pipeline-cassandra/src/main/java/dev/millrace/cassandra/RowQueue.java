package dev.millrace.cassandra;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait to be sent, grouped by partition. A group takes rows for as long as it waits, whichever batch they
 * come in, and goes when its first row's turn has come, with the next groups of the same replicas, if any: only as many
 * as a server takes gladly. So rows of one partition leave in their order, unless its replicas change meanwhile, and
 * none waits longer for having company. Not thread-safe.
 */
final class RowQueue {

    private static final int MOST_ROWS = 100;

    /** Above that servers warn, unless set otherwise ({@code unlogged_batch_across_partitions_warn_threshold}). */
    private static final int MOST_PARTITIONS = 10;

    private final int maxBytes;
    private final Replicas replicas;
    private final ArrayDeque<List<Row>> before = new ArrayDeque<>();
    private final Set<Group> groups = new LinkedHashSet<>();

    /** The same groups, those of the same replicas together. */
    private final Map<Object, ArrayDeque<Group>> neighbours = new HashMap<>();

    /** Of each partition that waits the last group, which may have room. */
    private final Map<ByteBuffer, Group> last = new HashMap<>();

    /** With the most bytes of more than one row that leave together. */
    RowQueue(int maxBytes, Replicas replicas) {
        this.maxBytes = maxBytes;
        this.replicas = replicas;
    }

    void add(Row row) {
        Group group = last.get(row.partitionKey());
        if (group == null || !hasRoom(group.rows.size() + 1, group.bytes + row.bytes())) {
            group = new Group(row.partitionKey(), replicas.of(row.partitionKey()));
            last.put(row.partitionKey(), group);
            groups.add(group);
            neighbours
                    .computeIfAbsent(group.replicas, none -> new ArrayDeque<>())
                    .addLast(group);
        }
        group.add(row);
    }

    private boolean hasRoom(int rows, long bytes) {
        return rows <= MOST_ROWS && bytes <= maxBytes;
    }

    /** Puts rows before all others, where nothing joins them. */
    void addFirst(List<Row> rows) {
        before.addFirst(rows);
    }

    /** Those that are next, to leave together. */
    @Nullable
    List<Row> poll() {
        if (!before.isEmpty()) {
            return before.poll();
        }
        return groups.isEmpty() ? null : withNeighbours(groups.iterator().next());
    }

    /** The first of all, which is the first of its neighbours too, with as many of these as fit. */
    private List<Row> withNeighbours(Group first) {
        ArrayDeque<Group> waiting = Objects.requireNonNull(neighbours.get(first.replicas));
        List<Row> rows = new ArrayList<>();
        long bytes = 0;
        int partitions = 0;
        Group next = first;
        do {
            waiting.remove();
            groups.remove(next);
            last.remove(next.partitionKey, next);
            rows.addAll(next.rows);
            bytes += next.bytes;
            partitions++;
            next = waiting.peek();
        } while (next != null
                && partitions < MOST_PARTITIONS
                && hasRoom(rows.size() + next.rows.size(), bytes + next.bytes));
        if (next == null) {
            neighbours.remove(first.replicas);
        }
        return rows;
    }

    /** Takes all out. */
    List<Row> drain() {
        List<Row> all = new ArrayList<>();
        before.forEach(all::addAll);
        groups.forEach(group -> all.addAll(group.rows));
        before.clear();
        groups.clear();
        neighbours.clear();
        last.clear();
        return all;
    }

    private static final class Group {

        private final ByteBuffer partitionKey;
        private final Object replicas;
        private final List<Row> rows = new ArrayList<>(4);
        private long bytes;

        Group(ByteBuffer partitionKey, Object replicas) {
            this.partitionKey = partitionKey;
            this.replicas = replicas;
        }

        void add(Row row) {
            rows.add(row);
            bytes += row.bytes();
        }
    }
}
