package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.function.ThrowingFunction;
import java.util.Objects;

/**
 * A source that goes on where its pipeline stopped: for one that holds the same records at each start and keeps no
 * position of its own, as a file does. Its position is kept in a {@link StateStore}, under the names of the pipeline
 * and the stage of the source; who gives either another name, or empties the store, begins anew.
 *
 * <p><b>At a start</b> the source is read from its beginning, and the records that are done are passed over, before
 * anything is decoded. What had not been committed comes again: after a crash what was in flight and what was done in
 * the last commit interval, after a good end nothing. Where the store cannot be reached, reading waits for it.
 *
 * <p><b>What has changed meanwhile</b> is never passed over in silence. With the position goes a checksum of all
 * records before it. Where those that are passed over have another one, or a partition ends before it has come so far,
 * the pipeline ends in FAILED, restarts or not, and listeners are told of the
 * {@link dev.millrace.pipeline.record.DataLoss}. A partition may grow behind the position, partitions may be added, and
 * those that are gone are not missed.
 *
 * <p>Each partition has a position of its own. Of a partition all that is kept is one state of some bytes; in memory
 * are the checksums of what is in flight.
 *
 * <p>Not for a source that shares its partitions with other readers, by {@link SourceContext#assigned}: those keep a
 * position themselves. A {@linkplain SourceContext#isPreview() preview} begins at the beginning.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <T> type of the values
 */
public final class ResumedSource<T> implements Source<T> {

    private final Source<T> source;
    private final StateStore store;
    private final ThrowingFunction<? super T, byte[]> identity;

    private ResumedSource(Source<T> source, StateStore store, ThrowingFunction<? super T, byte[]> identity) {
        this.source = source;
        this.store = store;
        this.identity = identity;
    }

    /**
     * A source of the same records, some of which it passes over at a start.
     *
     * @param source of raw records, where there is something to decode: typically {@link DecodedSource#raw}
     * @param store keeps the position
     * @param identity bytes that tell a value from others, the same whenever it is read, in this process or the next;
     *     called once for each record by the thread that polls, so it must not block; what it throws ends the pipeline
     *     in FAILED
     * @throws IllegalArgumentException if the source decodes
     */
    public static <T> ResumedSource<T> of(
            Source<T> source, StateStore store, ThrowingFunction<? super T, byte[]> identity) {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(identity, "identity");
        if (Objects.requireNonNull(source, "source").unwrapped() instanceof DecodedSource) {
            throw new IllegalArgumentException("source must be of raw records, got one that decodes: "
                    + "what decodes it would not be passed over, and is for the workers");
        }
        return new ResumedSource<>(source.unwrapped(), store, identity);
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        SourceReader<T> reader = source.open(context);
        if (context.isPreview()) {
            return reader;
        }
        try {
            return new ResumedReader<>(reader, store.open(context), identity, context);
        } catch (Throwable failure) {
            reader.close();
            throw failure;
        }
    }

    @Override
    public String describe() {
        return source.describe() + ", position in " + store.describe();
    }

    /** It is: what has changed would be found out. */
    @Override
    public boolean isRepeatable() {
        return true;
    }
}
