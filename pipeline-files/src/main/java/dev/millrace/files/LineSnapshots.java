package dev.millrace.files;

import dev.millrace.files.internal.ReplacingSink;
import dev.millrace.files.internal.SnapshotFormat;
import dev.millrace.files.internal.TargetFile;
import dev.millrace.pipeline.spi.Sink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.zip.GZIPOutputStream;

/** Snapshots as lines, packed where the file is named so. */
record LineSnapshots<T>(LineFormat<T> format) implements SnapshotFormat<T> {

    /** A sink of snapshots of such lines. */
    static <T> Sink<Collection<? extends T>> replacing(Path file, LineFormat<T> format) {
        return new ReplacingSink<>(file, format.kind(), new LineSnapshots<>(format));
    }

    @Override
    public void write(Path file, Iterable<? extends T> snapshot, OutputStream stream) throws IOException {
        try (OutputStream lines =
                FileInput.isNamedPacked(TargetFile.nameOf(file)) ? new GZIPOutputStream(stream) : stream) {
            lines.write(format.header());
            for (T value : snapshot) {
                lines.write(format.line(value));
            }
        }
    }
}
