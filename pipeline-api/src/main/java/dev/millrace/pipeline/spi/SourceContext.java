package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.record.DataLoss;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the engine lends to a {@link SourceReader}. The three partition events are for sources that share their
 * partitions with other instances, such as a Kafka consumer group: the reader calls them from within
 * {@link SourceReader#poll}. A source that never calls them owns each partition from its first record on.
 *
 * <p>The events and {@link #idle} belong to the thread that polls; the rest is thread-safe.
 */
public interface SourceContext extends StageContext {

    /**
     * Whether the reader is only looked at, by {@code Pipeline.preview}. It must then disturb no other reader and leave
     * nothing behind: join no group, call none of the three partition events, which throw, and keep no position. It
     * begins where the pipeline would begin that has never run, and {@link SourceReader#commit} is not called. By
     * default it is not.
     */
    default boolean isPreview() {
        return false;
    }

    /** The most records that one poll should return; small where the pipeline is throttled. Always positive. */
    int pollLimit();

    /**
     * Waits within a poll that has nothing to hand out yet: until the time is over, or the timeout of the poll, or the
     * engine wants the thread. The poll should return after it, be it with nothing.
     *
     * <p>Where a test moves the time by hand, timeouts of polls are zero and this returns at once. The next poll comes
     * when the time is over, or as soon as anything else happens; of a reader that waits by other means at least every
     * 100 milliseconds.
     *
     * @param time for how long there will be nothing, or until it is worth to look again; positive
     */
    default void idle(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Math.min(time.toMillis() + 1, 100));
    }

    /**
     * These partitions are now read by this reader; records of them may follow. Assigning a partition that is assigned
     * already begins it anew: what is in flight of its former assignment no longer counts.
     */
    void assigned(Collection<String> partitions);

    /**
     * These partitions go to another reader, in good order. Blocks until what is in flight of them is done, at most for
     * the pipeline's revoke timeout, then forgets them.
     *
     * @return per partition with anything to commit the offset to commit: the first one not done. The reader must
     *     commit it before it gives the partition up.
     */
    Map<String, Long> revoked(Collection<String> partitions);

    /** These partitions are gone already: they are forgotten at once, and nothing is to be committed. */
    void lost(Collection<String> partitions);

    /**
     * Records are gone that were to be read, and the reader goes on behind them. Listeners are told, and the log is. A
     * reader that does not go on throws a {@link DataLossException} instead. Told also while the source is opened. By
     * default does nothing; the engine's own tells.
     *
     * @throws DataLossException if the pipeline cannot go on behind them either: offsets that an aggregate's states may
     *     include have other records now
     */
    default void dataLost(Collection<DataLoss> losses) {}
}
