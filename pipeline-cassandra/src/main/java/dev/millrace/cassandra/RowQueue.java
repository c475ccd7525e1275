package dev.millrace.cassandra;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that wait to be sent, in groups that travel together: rows of one partition only, and only as many as the server
 * takes gladly. A group takes rows for as long as it waits, whichever batch they come in, and goes when its first row's
 * turn has come. So rows of one partition leave in their order, and none waits longer for having company. Not
 * thread-safe.
 */
final class RowQueue {

    private static final int MOST_ROWS = 100;

    private final int maxBytes;
    private final ArrayDeque<Group> groups = new ArrayDeque<>();

    /** Of each partition that waits the last group, which may have room. */
    private final Map<ByteBuffer, Group> last = new HashMap<>();

    /** With the most bytes of a group of more than one row. */
    RowQueue(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(Row row) {
        Group group = last.get(row.partitionKey());
        if (group == null || !group.hasRoom(row, maxBytes)) {
            group = new Group(row.partitionKey());
            last.put(row.partitionKey(), group);
            groups.addLast(group);
        }
        group.add(row);
    }

    /** Puts rows before all others, as a group that takes no more. */
    void addFirst(List<Row> rows) {
        groups.addFirst(new Group(rows));
    }

    /** The group that is next. */
    @Nullable
    List<Row> poll() {
        Group next = groups.poll();
        if (next == null) {
            return null;
        }
        if (next.partitionKey != null) {
            last.remove(next.partitionKey, next);
        }
        return next.rows;
    }

    /** Takes all out. */
    List<Row> drain() {
        List<Row> all = new ArrayList<>();
        groups.forEach(group -> all.addAll(group.rows));
        groups.clear();
        last.clear();
        return all;
    }

    private static final class Group {

        private final @Nullable ByteBuffer partitionKey;
        private final List<Row> rows;
        private long bytes;

        Group(ByteBuffer partitionKey) {
            this.partitionKey = partitionKey;
            this.rows = new ArrayList<>(4);
        }

        /** One that is complete. */
        Group(List<Row> rows) {
            this.partitionKey = null;
            this.rows = rows;
        }

        boolean hasRoom(Row row, int maxBytes) {
            return rows.size() < MOST_ROWS && bytes + row.bytes() <= maxBytes;
        }

        void add(Row row) {
            rows.add(row);
            bytes += row.bytes();
        }
    }
}
