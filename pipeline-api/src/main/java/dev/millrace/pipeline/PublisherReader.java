package dev.millrace.pipeline;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes to a publisher and asks it for a window of values, each asked for anew when the pipeline has taken one.
 */
final class PublisherReader<T> implements SourceReader<T>, Flow.Subscriber<T> {

    /** What the publisher signals besides values. Queued behind them, so that the last values are not overtaken. */
    private record End(@Nullable Throwable failure) {}

    private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
    private final int window;
    private volatile Flow.@Nullable Subscription subscription;
    private long offset;
    private boolean isExhausted;

    private PublisherReader(int window) {
        this.window = window;
    }

    static <T> PublisherReader<T> subscribedTo(Flow.Publisher<? extends T> publisher, int window) {
        PublisherReader<T> reader = new PublisherReader<>(window);
        publisher.subscribe(reader);
        return reader;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription != null) {
            given.cancel();
            return;
        }
        subscription = given;
        given.request(window);
    }

    @Override
    public void onNext(T value) {
        signals.add(Objects.requireNonNull(value, "value"));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new End(Objects.requireNonNull(failure, "failure")));
    }

    @Override
    public void onComplete() {
        signals.add(new End(null));
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
        Object first = signals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        List<PipelineRecord<T>> records = new ArrayList<>();
        for (Object signal = first; signal != null; signal = records.size() < window ? signals.poll() : null) {
            if (signal instanceof End end) {
                if (!records.isEmpty()) {
                    signals.add(end);
                    return records;
                }
                end(end);
                return records;
            }
            @SuppressWarnings("unchecked")
            T value = (T) signal;
            records.add(PipelineRecord.of(value, SinglePartition.NAME, offset++));
        }
        if (!records.isEmpty()) {
            Objects.requireNonNull(subscription).request(records.size());
        }
        return records;
    }

    private void end(End end) throws Exception {
        if (end.failure() instanceof Error error) {
            throw error;
        } else if (end.failure() instanceof Exception exception) {
            throw exception;
        } else if (end.failure() != null) {
            throw new ExecutionException(end.failure());
        }
        isExhausted = true;
    }

    @Override
    public boolean isExhausted() {
        return isExhausted;
    }

    @Override
    public void close() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
