package dev.millrace.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** Whether what a footer says of the columns can be: room is made for them before they are read. */
final class ChunkCheck {

    private ChunkCheck() {}

    /** Columns lie within the file, and share none of it: none of its row groups takes more memory than it is long. */
    static void check(Path path, long length, List<BlockMetaData> groups) throws IOException {
        for (BlockMetaData group : groups) {
            long left = length;
            for (ColumnChunkMetaData column : group.getColumns()) {
                long start = column.getStartingPos();
                long size = column.getTotalSize();
                left -= size;
                if (start < 0 || size < 0 || start > length - size || left < 0) {
                    throw new IOException(path + ": column '" + column.getPath().toDotString()
                            + "' must lie within the " + length + " bytes of the file, its footer says from " + start
                            + " on with " + size + " bytes");
                }
            }
        }
    }
}
