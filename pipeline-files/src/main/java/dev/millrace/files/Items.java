package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a file holds, piece by piece, before anything is made of it. */
interface Items<R> extends Closeable {

    /**
     * The next one, with its place; null at the end.
     *
     * @throws IOException if reading cannot go on
     */
    @Nullable
    PipelineRecord<R> next() throws IOException;
}
