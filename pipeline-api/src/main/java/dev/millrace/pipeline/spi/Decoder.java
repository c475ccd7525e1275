package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.record.PipelineRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of raw records. Called by several workers at once, so it must be thread-safe; it must not block.
 *
 * @param <R> type of the raw values
 * @param <T> type of the decoded values
 */
@FunctionalInterface
public interface Decoder<R, T> {

    /**
     * The value of a record.
     *
     * @return the value, or {@code null} to drop the record on purpose, which is counted
     * @throws Exception if there is none: the record has failed. {@link RefusedRecordException} keeps the reason short.
     */
    @Nullable
    T decode(PipelineRecord<R> raw) throws Exception;

    /** The key of a record; the raw one by default. */
    default @Nullable Object decodeKey(PipelineRecord<R> raw) throws Exception {
        return raw.key();
    }
}
