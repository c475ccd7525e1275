package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A sink whose writes end when, and as, a test says. */
public final class ManualSink<T> implements Sink<T>, SinkWriter<T> {

    /** A write under way. */
    public static final class Call<T> {
        private final List<PipelineRecord<T>> batch;
        private final CompletableFuture<WriteResult> result = new CompletableFuture<>();

        private Call(List<PipelineRecord<T>> batch) {
            this.batch = batch;
        }

        public List<PipelineRecord<T>> batch() {
            return batch;
        }

        public List<T> values() {
            return batch.stream().map(PipelineRecord::value).toList();
        }

        public void succeed() {
            result.complete(WriteResult.written());
        }

        public void fail(Throwable cause) {
            result.completeExceptionally(cause);
        }

        public void failPartly(Map<Integer, Throwable> causes) {
            result.complete(WriteResult.failed(causes));
        }

        public void answer(WriteResult answer) {
            result.complete(answer);
        }
    }

    private final List<Call<T>> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger opens = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private final boolean isPipelined;

    private ManualSink(boolean isPipelined) {
        this.isPipelined = isPipelined;
    }

    public static <T> ManualSink<T> create() {
        return new ManualSink<>(false);
    }

    public static <T> ManualSink<T> pipelined() {
        return new ManualSink<>(true);
    }

    // The test's.

    /** The call of that number, from 0 on; waits for it. */
    public Call<T> call(int number) {
        Await.until(
                () -> "there are " + (number + 1) + " writes, not only " + calls.size(), () -> calls.size() > number);
        return calls.get(number);
    }

    /** The write that has the value in it; waits for it. */
    public Call<T> callWith(T value) {
        Await.until("there is a write of " + value, () -> find(value) != null);
        return find(value);
    }

    private Call<T> find(T value) {
        return calls.stream()
                .filter(call -> call.values().contains(value))
                .findFirst()
                .orElse(null);
    }

    public int calls() {
        return calls.size();
    }

    public int opens() {
        return opens.get();
    }

    public int closes() {
        return closes.get();
    }

    // The engine's.

    @Override
    public SinkWriter<T> open(StageContext context) {
        opens.incrementAndGet();
        return this;
    }

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) {
        Call<T> call = new Call<>(batch);
        calls.add(call);
        return call.result;
    }

    @Override
    public boolean isPipelined() {
        return isPipelined;
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
