package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a supplier once in each interval, on a thread that may block, and waits for its answer only as long as it may.
 */
final class IntervalReader<T> implements SourceReader<T> {

    private final long intervalNanos;
    private final long times;
    private final ThrowingSupplier<? extends T> supplier;
    private final SourceContext context;
    private @Nullable CompletableFuture<T> answer;
    private boolean isFinishing;
    private long due;
    private long offset;

    IntervalReader(Duration interval, long times, ThrowingSupplier<? extends T> supplier, SourceContext context) {
        this.intervalNanos = interval.toNanos();
        this.times = times;
        this.supplier = supplier;
        this.context = context;
        this.due = context.nanoTime();
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
        if (isExhausted()) {
            return List.of();
        }
        CompletableFuture<T> pending = answer;
        if (pending == null) {
            long wait = due - context.nanoTime();
            if (wait > 0) {
                context.idle(Duration.ofNanos(wait));
                return List.of();
            }
            due = context.nanoTime() + intervalNanos;
            pending = CompletableFuture.supplyAsync(this::ask, context.blocking());
            answer = pending;
        }
        try {
            T value = pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            answer = null;
            return List.of(PipelineRecord.of(value, SinglePartition.NAME, offset++));
        } catch (TimeoutException notYet) {
            return List.of();
        } catch (ExecutionException failure) {
            answer = null;
            due = context.nanoTime();
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        }
    }

    @Override
    public boolean isExhausted() {
        return offset == times || isFinishing && answer == null;
    }

    /** Only what is being asked for is still handed out. */
    @Override
    public boolean finish() {
        isFinishing = true;
        return true;
    }

    private T ask() {
        try {
            return supplier.get();
        } catch (Exception failure) {
            throw new CompletionException(failure);
        }
    }
}
