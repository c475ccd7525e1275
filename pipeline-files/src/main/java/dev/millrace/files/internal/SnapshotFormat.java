package dev.millrace.files.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * How a snapshot becomes the content of a file. Thread-safe.
 *
 * @param <T> type of what the snapshot is a collection of
 */
@FunctionalInterface
public interface SnapshotFormat<T> {

    /**
     * Writes all of it; may close the stream.
     *
     * @param file what it is written to, whose name may ask for more
     * @throws dev.millrace.pipeline.spi.RefusedRecordException if it could not be read back
     */
    void write(Path file, Iterable<? extends T> snapshot, OutputStream stream) throws IOException;
}
