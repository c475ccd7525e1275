package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.record.PipelineRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads records. All methods but {@link #wakeup} are called by one thread, the pipeline's source loop, which runs no
 * user code and waits for no sink.
 *
 * @param <T> type of the values
 */
@FunctionalInterface
public interface SourceReader<T> extends AutoCloseable {

    /**
     * The next records, of any partitions; those of one partition in ascending order of their offsets. May block up to
     * the timeout while there are none, and returns an empty list then. Should return at most
     * {@link SourceContext#pollLimit()} records.
     *
     * @throws UnavailableException if the source cannot be reached for now: the engine polls again after a back-off
     * @throws DataLossException if records are gone that were to be read, and the reader is not to go on behind them
     * @throws Exception if reading cannot go on: the pipeline drains and ends in FAILED with this cause
     */
    List<PipelineRecord<T>> poll(Duration timeout) throws Exception;

    /** Whether the source has come to its end: once true, the pipeline drains and stops by itself. */
    default boolean isExhausted() {
        return false;
    }

    /**
     * Asks it to come to an end: to hand out what the source holds at this moment, and to be {@linkplain #isExhausted()
     * exhausted} then. What is added meanwhile it may hand out or not. Called once at most, between polls; must not
     * block, so that what has to be asked for is left to the polls that follow.
     *
     * @return whether it will. By default not, and the engine then takes two polls in a row that bring nothing for the
     *     end
     */
    default boolean finish() {
        return false;
    }

    /**
     * What keeps this reader from a part of its work though it can be polled, such as a topic that is gone; a sentence
     * each, without payload or secret. Asked for after each poll; must not block. For as long as there is any the
     * pipeline's health is DEGRADED with it as a reason, and the log is warned once of each.
     */
    default List<String> troubles() {
        return List.of();
    }

    /**
     * Whether partitions can be paused one by one. If so, the engine keeps polling while some or all are paused; if
     * not, it stops polling while the pipeline is full.
     */
    default boolean isPausable() {
        return false;
    }

    /** Polls return no more records of these partitions until they are resumed. */
    default void pause(Collection<String> partitions) {}

    /** Ends {@link #pause}. */
    default void resume(Collection<String> partitions) {}

    /** Makes a poll that is blocking return soon. Called from any thread, also while nothing polls. */
    default void wakeup() {}

    /**
     * Notes how far the pipeline is done: per partition the first offset that is not. After a restart the reader goes
     * on there. Need not wait for the store; a commit that fails may be left to the next one, which covers it.
     *
     * @throws Exception if committing can never succeed again: the pipeline ends in FAILED
     */
    default void commit(Map<String, Long> frontier) throws Exception {}

    /**
     * What the engine calls, where frontiers have moved or there is news of what is done beyond them: a reader that can
     * keep that has fewer records come again after a crash. By default only the frontier is committed, where it has
     * moved.
     *
     * <p>A reader keeps as much of the runs as it has room for, the nearest first, in one step with the newest frontier
     * that it knows: never with an older one. After a restart it passes these records over, where it is certain that
     * they are the same, and keeps on all that it has passed over. Runs stay true for as long as the partition is
     * assigned.
     *
     * @param frontier as in {@link #commit(Map)}; without the partitions whose frontier has not moved
     * @param beyond where there is news, all that is known to be done, in ascending order; offsets that were not handed
     *     out may lie within. Left out is what follows an undone record of its key. Told only where every sink has
     *     {@link dev.millrace.pipeline.policy.Ordering#PER_KEY} or none, and no stage changes keys
     * @throws Exception if committing can never succeed again: the pipeline ends in FAILED
     */
    default void commit(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) throws Exception {
        if (!frontier.isEmpty()) {
            commit(frontier);
        }
    }

    /**
     * Per partition, how many records follow those that have been polled, as far as that is known without asking the
     * store; a partition of which it is not known is left out. Asked for once in each commit interval, for metrics
     * alone; must not block. What it throws is logged and ignored.
     */
    default Map<String, Long> lag() {
        return Map.of();
    }

    /** Waits for outstanding commits, then lets go of everything. Whoever calls it again should see nothing happen. */
    @Override
    default void close() throws Exception {}
}
