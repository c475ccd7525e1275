package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Writes records. By default one call is under way at a time, from whichever worker. Where the order of partitions need
 * not be kept, or with the stage's {@code concurrency} raised, or {@link #isPipelined()}, several are, and the writer
 * must be thread-safe.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface SinkWriter<T> extends AutoCloseable {

    /**
     * Writes a batch, in its order, and completes when every record in it is durable or has failed: nothing is
     * committed to the source before that. Must not block: what does, goes to {@link StageContext#blocking()}. The list
     * is the writer's own and never changes. A record may come again, after a failure or a restart;
     * {@link PipelineRecord#writeTimestamp()} is the same in each attempt of one run.
     *
     * @return what became of the records; may be complete already, and may be completed by any thread
     * @throws Exception as a failed answer would. {@link UnavailableException}: the whole batch is retried without end
     *     and never counts against its records. {@link StageFailedException}: the pipeline ends in FAILED. Anything
     *     else: the batch is split, until the record to blame stands alone.
     */
    CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) throws Exception;

    /**
     * Whether many calls may be under way at once with the final state as if they had come one after the other, also
     * when one of them fails and is made again: by a protocol that keeps order, or by versions such as
     * {@link PipelineRecord#writeTimestamp()}. The engine then need not hold records back to keep their order.
     */
    default boolean isPipelined() {
        return false;
    }

    /**
     * Lets go of everything; whoever calls it again should see nothing happen. Called when no {@link #write} is under
     * way, or after the time to drain has run out: what is under way then is answered all the same, as is a write that
     * comes later.
     */
    @Override
    default void close() throws Exception {}
}
