package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingConsumer;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.PrintStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sinks made of functions, and for tests. */
public final class Sinks {

    private Sinks() {}

    /**
     * Hands each value to a consumer, which may block. One value at a time, in order, unless the stage keeps less than
     * the order of partitions or its concurrency is raised: then so many batches at once, the values of each one after
     * the other; a batch {@linkplain dev.millrace.pipeline.policy.BatchPolicy#upTo up to 1} gives each value a call of
     * its own. A value for which the consumer throws has failed; the others have not.
     *
     * <p>A batch that is no longer waited for, after a timeout or a deadline of the stage, is not interrupted: the
     * consumer is handed the rest of it, and keeps its place until it has done with that. While consumers hang in all
     * places, the stage stands still. A shorter timeout of its own within the consumer prevents that.
     */
    public static <T> Sink<T> forEach(ThrowingConsumer<? super T> consumer) {
        Objects.requireNonNull(consumer, "consumer");
        return context -> batch -> context.blocking(() -> writtenOneByOne(batch, consumer));
    }

    /**
     * Hands the values of each batch to a consumer, which may block. One batch at a time, in order, unless the stage
     * keeps less than the order of partitions or its concurrency is raised. If the consumer throws, the batch is split
     * and handed over again, until the record to blame stands alone: so it must be all or nothing, or do no harm when a
     * value comes again. What holds of {@link #forEach} while it hangs, holds here.
     */
    public static <T> Sink<T> ofBatches(ThrowingConsumer<? super List<T>> consumer) {
        Objects.requireNonNull(consumer, "consumer");
        return context -> batch -> context.blocking(() -> {
            consumer.accept(batch.stream().map(PipelineRecord::value).toList());
            return WriteResult.written();
        });
    }

    /** Adds each value to a collection, in order, by one thread at a time; others must look at it with care. */
    public static <T> Sink<T> into(Collection<? super T> collection) {
        Objects.requireNonNull(collection, "collection");
        return context -> batch -> {
            synchronized (collection) {
                batch.forEach(record -> collection.add(record.value()));
            }
            return WriteResult.alreadyWritten();
        };
    }

    /**
     * Prints values as the rows of a table, for people to look at: the components of records or the entries of maps as
     * columns, any other value as one. On a terminal columns are aligned and cut to its width; in a pipe or a file they
     * are parted by tabs, and whole. See {@link TableSink} for more, and for what can be asked otherwise.
     *
     * @param out where to, such as {@code System.out}; is never closed
     */
    public static TableSink table(PrintStream out) {
        return TableSink.to(out);
    }

    /** Lets every value go. */
    public static <T> Sink<T> discard() {
        return context -> batch -> WriteResult.alreadyWritten();
    }

    /** Has the consumer take each value; those that it throws for have failed. */
    static <T> WriteResult writtenOneByOne(List<PipelineRecord<T>> batch, ThrowingConsumer<? super T> consumer) {
        Map<Integer, Throwable> failures = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            try {
                consumer.accept(batch.get(i).value());
            } catch (Throwable failure) {
                Fatal.rethrow(failure);
                failures.put(i, failure);
            }
        }
        return WriteResult.failed(failures);
    }
}
