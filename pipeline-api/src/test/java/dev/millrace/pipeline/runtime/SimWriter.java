package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes as chance has it: at once, later, in part, not at all, without telling. */
abstract class SimWriter<T> implements SinkWriter<T> {

    final SimRun run;
    final SimWorld world;
    private final StageContext context;
    private final boolean isVersioned;
    private final boolean hasTimeout;
    private final List<Call> underWay = new ArrayList<>();
    private boolean isClosed;

    SimWriter(SimRun run, StageContext context, boolean isVersioned, boolean hasTimeout) {
        this.run = run;
        this.world = run.world;
        this.context = context;
        this.isVersioned = isVersioned;
        this.hasTimeout = hasTimeout;
        run.open++;
        world.writers.add(this);
    }

    abstract void called(List<PipelineRecord<T>> batch);

    abstract boolean isPoison(T value);

    /** The value has failed for a cause of its own. */
    abstract void failed(T value);

    /** The writer answers that the value must not be tried again. */
    void refused(T value) {}

    abstract void apply(PipelineRecord<T> record);

    /** Of an assignment that is over, which the engine's worker has not been told of yet. */
    boolean isLate(T value) {
        return false;
    }

    @Override
    public final CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) throws Exception {
        if (run.isCrashed()) {
            return new CompletableFuture<>();
        }
        world.oracle.require(!isClosed, "I7", () -> "write after close");
        world.oracle.require(!batch.isEmpty(), "I5", () -> "an empty batch is written");
        world.oracle.note(
                () -> "write " + batch.stream().map(PipelineRecord::value).toList());
        called(batch);
        Call call = new Call(batch);
        decide(call);
        if (call.isThrown && call.failure != null) {
            call.apply();
            SimFault.<Exception>sneaky(call.failure);
        }
        underWay.add(call);
        answer(call);
        return call.answer;
    }

    private void decide(Call call) {
        boolean hasPoison = call.batch.stream().anyMatch(record -> isPoison(record.value()));
        if (!world.isFault()) {
            if (hasPoison) {
                failWithPoison(call);
            }
            return;
        }
        boolean isAlone = call.batch.size() == 1;
        int part = world.random.nextInt(call.batch.size() + 1);
        switch (world.random.nextInt(7)) {
            case 0 -> call.fail(SimFault.unavailable(), part);
            case 1 -> {
                call.fail(SimFault.unavailable(), part);
                call.isThrown = true;
            }
            case 2, 3 -> {
                if (isAlone) {
                    failed(call.batch.get(0).value());
                }
                call.fail(SimFault.ofRecord(world.random), part);
                call.isThrown = world.random.nextBoolean();
            }
            case 4 -> {
                if (hasTimeout) {
                    call.fail(SimFault.unavailable(), part);
                    call.isSilent = true;
                }
            }
            default -> failInPart(call);
        }
    }

    private void failWithPoison(Call call) {
        boolean isAlone = call.batch.size() == 1;
        if (!isAlone && world.random.nextBoolean()) {
            call.fail(SimFault.retryable(), 0);
            return;
        }
        for (int i = 0; i < call.batch.size(); i++) {
            T value = call.batch.get(i).value();
            if (isPoison(value)) {
                failed(value);
                call.failures.put(i, world.random.nextBoolean() ? SimFault.refused() : SimFault.retryable());
            }
        }
    }

    private void failInPart(Call call) {
        for (int i = 0; i < call.batch.size(); i++) {
            if (world.random.nextInt(3) == 0) {
                if (world.random.nextBoolean()) {
                    call.failures.put(i, SimFault.unavailable());
                } else {
                    failed(call.batch.get(i).value());
                    call.failures.put(i, SimFault.ofRecord(world.random));
                }
            }
        }
    }

    private void answer(Call call) {
        switch (world.random.nextInt(4)) {
            case 0 -> call.finish();
            case 1 -> {
                call.apply();
                world.scheduler.after(world.latency(), call::finish);
            }
            case 2 -> {
                call.apply();
                context.blocking().execute(call::finish);
            }
            default -> {
                // What is without versions must not come late, when the engine has gone on.
                if (!isVersioned && (hasTimeout || call.isLate())) {
                    call.apply();
                }
                world.scheduler.after(world.latency(), call::finish);
            }
        }
    }

    @Override
    public final void close() {
        world.oracle.require(!isClosed, "I7", () -> "writer closed twice");
        isClosed = true;
        run.open--;
        settleUnversioned();
    }

    /** Decides now on what is under way. */
    final void settleUnversioned() {
        if (!isVersioned) {
            underWay.forEach(Call::settle);
            underWay.removeIf(call -> call.isFinished);
        }
    }

    private final class Call {

        final List<PipelineRecord<T>> batch;
        final CompletableFuture<WriteResult> answer = new CompletableFuture<>();
        final Map<Integer, Throwable> failures = new HashMap<>();

        @Nullable
        Throwable failure;

        int applies;
        boolean isThrown;
        boolean isSilent;
        boolean isApplied;
        boolean isFinished;

        Call(List<PipelineRecord<T>> batch) {
            this.batch = batch;
            this.applies = batch.size();
        }

        boolean isLate() {
            return batch.stream().anyMatch(record -> SimWriter.this.isLate(record.value()));
        }

        /** As a whole, though some may have been written. */
        void fail(Throwable cause, int written) {
            failure = cause;
            applies = world.random.nextBoolean() ? 0 : written;
        }

        void apply() {
            if (!isApplied) {
                isApplied = true;
                for (int i = 0; i < applies; i++) {
                    if (!failures.containsKey(i)) {
                        SimWriter.this.apply(batch.get(i));
                    }
                }
            }
        }

        void finish() {
            isFinished = true;
            apply();
            if (isSilent || run.isCrashed()) {
                return;
            }
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else {
                noteRefused();
                answer.complete(WriteResult.failed(failures));
            }
        }

        private void noteRefused() {
            failures.forEach((index, cause) -> {
                if (Failures.isPermanent(cause)) {
                    refused(batch.get(index).value());
                }
            });
        }

        void settle() {
            if (!isApplied && world.random.nextBoolean()) {
                apply();
            } else if (!isApplied) {
                isApplied = true;
                failure = SimFault.unavailable();
            }
        }
    }
}
