package dev.millrace.files.internal;

import dev.millrace.pipeline.record.PipelineRecord;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds, piece by piece. Used by one thread at a time.
 *
 * @param <R> type of a piece
 */
public interface Items<R> extends Closeable {

    /**
     * The next one, with its place; null at the end.
     *
     * @throws IOException if reading cannot go on
     */
    @Nullable
    PipelineRecord<R> next() throws IOException;
}
