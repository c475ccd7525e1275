package dev.millrace.parquet;

import dev.millrace.files.internal.SnapshotFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;

/** Snapshots as rows. */
record RowSnapshots<T extends Record>(RowType<T> rows, Compression compression) implements SnapshotFormat<T> {

    @Override
    public void write(Path file, Iterable<? extends T> snapshot, OutputStream stream) throws IOException {
        snapshot.forEach(rows::check);
        new RowWriter<>(rows, compression, Map.of()).write(stream, snapshot);
    }
}
