package dev.millrace.cassandra;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides which rows travel together: only those of one partition, and only as many as the server takes gladly. */
final class RowGroups {

    private static final int MOST_ROWS = 100;

    private RowGroups() {}

    /** Each row in one group; rows of one partition in their order; no group above the limit unless of one row. */
    static List<List<Row>> of(List<Row> rows, int maxBytes) {
        Map<ByteBuffer, Group> open = new LinkedHashMap<>();
        List<List<Row>> groups = new ArrayList<>();
        for (Row row : rows) {
            Group group = open.get(row.partitionKey());
            if (group == null || group.bytes + row.bytes() > maxBytes || group.rows.size() == MOST_ROWS) {
                group = new Group();
                open.put(row.partitionKey(), group);
                groups.add(group.rows);
            }
            group.rows.add(row);
            group.bytes += row.bytes();
        }
        return groups;
    }

    private static final class Group {
        private final List<Row> rows = new ArrayList<>(2);
        private long bytes;
    }
}
