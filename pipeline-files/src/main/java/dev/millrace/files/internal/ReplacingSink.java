package dev.millrace.files.internal;

import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Replaces a file by each snapshot.
 *
 * @param path the file as the user named it
 * @param kind what it is called in a diagram
 * @param format what becomes of a snapshot
 * @param <T> type of what a snapshot is a collection of
 */
public record ReplacingSink<T>(Path path, String kind, SnapshotFormat<? super T> format)
        implements Sink<Collection<? extends T>> {

    @Override
    public SinkWriter<Collection<? extends T>> open(StageContext context) throws IOException {
        try {
            Path target = WholeFile.targetOf(path);
            WholeFile.check(target);
            WholeFile.deleteLeftovers(TargetFile.directoryOf(target), TargetFile.nameOf(target)::equals);
        } catch (IOException e) {
            throw TargetFile.named(path, e);
        }
        return new ReplacingWriter<T>(path, format, context);
    }

    @Override
    public String describe() {
        return kind + " " + path;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
