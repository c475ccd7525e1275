package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.spi.Source;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * Sources for what is in the JVM already. They have one partition, {@code 0}, and keep no position: after a restart
 * they begin anew.
 */
public final class Sources {

    private Sources() {}

    /** These values, then the end. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read, and copied
    public static <T> Source<T> of(T... values) {
        return of(List.of(values));
    }

    /** The values as they are iterated when the pipeline runs, then the end. */
    public static <T> Source<T> of(Iterable<? extends T> values) {
        return iterator(Objects.requireNonNull(values, "values")::iterator);
    }

    /**
     * The values of an iterator, then the end.
     *
     * @param iterator makes the iterator, once per start. That is only used by the thread that polls, and should not
     *     block for long; what it throws ends the pipeline in FAILED.
     */
    public static <T> Source<T> iterator(ThrowingSupplier<? extends Iterator<? extends T>> iterator) {
        Objects.requireNonNull(iterator, "iterator");
        return context -> new IteratorReader<>(iterator.get(), context.pollLimit());
    }

    /**
     * Whatever the generator gives, without end.
     *
     * @param generator called by the thread that polls, as fast as the pipeline takes it, and should not block for
     *     long; what it throws ends the pipeline in FAILED
     */
    public static <T> Source<T> generate(ThrowingSupplier<? extends T> generator) {
        Objects.requireNonNull(generator, "generator");
        return context -> new GeneratorReader<>(generator, context.pollLimit());
    }

    /**
     * What the supplier gives, now and then once in each interval, without end. An answer that takes longer than the
     * interval delays the next one; none is made up for.
     *
     * @param interval from one call to the next, positive
     * @param supplier may block: it is called on a thread for that, one call at a time. If it throws
     *     {@link dev.millrace.pipeline.spi.UnavailableException}, it is called again after a back-off; anything else
     *     ends the pipeline in FAILED.
     */
    public static <T> Source<T> every(Duration interval, ThrowingSupplier<? extends T> supplier) {
        return every(interval, Long.MAX_VALUE, supplier);
    }

    /**
     * As {@link #every(Duration, ThrowingSupplier)}, and ends after so many values; at each start it begins anew.
     *
     * @param times how many values, positive
     */
    public static <T> Source<T> every(Duration interval, long times, ThrowingSupplier<? extends T> supplier) {
        Objects.requireNonNull(supplier, "supplier");
        if (Objects.requireNonNull(interval, "interval").isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval must be positive, got " + interval);
        }
        if (times < 1) {
            throw new IllegalArgumentException("times must be positive, got " + times);
        }
        return context -> new IntervalReader<>(interval, times, supplier, context);
    }

    /**
     * What a publisher publishes, until it completes. It is asked for as many values as the pipeline takes, and its
     * failure ends the pipeline in FAILED.
     */
    public static <T> Source<T> publisher(Flow.Publisher<? extends T> publisher) {
        Objects.requireNonNull(publisher, "publisher");
        return context -> PublisherReader.subscribedTo(publisher, context.pollLimit());
    }
}
