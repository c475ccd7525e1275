package dev.millrace.pipeline.spi;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The kept states of one stage. Called by one thread; of {@link #save} there is one call at a time, while several
 * partitions may be loading, each of them by a call of its own; at a start all are. Must not block: what does, goes to
 * {@link StageContext#blocking}, where nothing bounds how many such calls there are: a table that is good for few at
 * once makes them one after the other itself.
 *
 * <p>A method throws, or its answer fails, with {@link UnavailableException} where the store cannot be reached: it is
 * called again with back-off for as long as it takes, while the records of the partition wait. Whatever else fails ends
 * the pipeline in FAILED.
 */
public interface StateTable extends AutoCloseable {

    /**
     * All states kept of a partition, in any order; of none where it is new. Called when it is assigned. That may be
     * while states of a former assignment are being saved: then of each key the former or the new one is answered.
     */
    CompletionStage<List<KeptState>> load(String partition) throws Exception;

    /**
     * Keeps states, by partition, each in the place of the former one of its key. Complete once they will be found
     * after a crash. A crash before that may leave some of them kept and others not. A state with a lower offset than
     * the one kept comes from an instance that no longer has the partition, and is passed over; of the same offset the
     * later one counts, which includes more of that record. No partition has a key twice.
     */
    CompletionStage<Void> save(Map<String, List<KeptState>> changed) throws Exception;

    /**
     * Lets go of everything. Called once, at the end. Where the pipeline did not end well, a call may be running still,
     * or even come late: it may fail, and what it would keep is made again.
     */
    @Override
    default void close() throws Exception {}
}
