package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A sink whose writes take effect after random times, all or nothing, and fail now and then. */
public final class RandomSink<T> implements Sink<T>, SinkWriter<T> {

    private final List<PipelineRecord<T>> written = new ArrayList<>();
    private final Random random;
    private int atOnce;
    private int mostAtOnce;

    public RandomSink(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public SinkWriter<T> open(StageContext context) {
        return this;
    }

    @Override
    public synchronized CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) {
        CompletableFuture<WriteResult> result = new CompletableFuture<>();
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        int fate = random.nextInt(10);
        CompletableFuture.delayedExecutor(random.nextInt(400), TimeUnit.MICROSECONDS)
                .execute(() -> end(batch, fate, result));
        return result;
    }

    private void end(List<PipelineRecord<T>> batch, int fate, CompletableFuture<WriteResult> result) {
        synchronized (this) {
            atOnce--;
            if (fate > 1) {
                written.addAll(batch);
            }
        }
        if (fate == 0) {
            result.completeExceptionally(new IllegalStateException("at random"));
        } else if (fate == 1) {
            result.completeExceptionally(new UnavailableException("at random"));
        } else {
            result.complete(WriteResult.written());
        }
    }

    public synchronized List<PipelineRecord<T>> written() {
        return List.copyOf(written);
    }

    public synchronized int mostAtOnce() {
        return mostAtOnce;
    }
}
