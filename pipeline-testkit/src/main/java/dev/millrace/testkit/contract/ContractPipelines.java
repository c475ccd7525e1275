package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Runs a connector in a pipeline, with little room, so that it meets back-pressure and many small batches. */
final class ContractPipelines {

    private static final int PARTITIONS = 4;
    private static final long CHECK_NANOS = 1_000_000;

    private ContractPipelines() {}

    static PipelineRunner runner() {
        return PipelineRunner.create().workers(2).maxInFlight(64).commitInterval(Duration.ofMillis(5));
    }

    /** Runs it to its good end. */
    static RunningPipeline run(Pipeline pipeline) throws InterruptedException {
        RunningPipeline running = runner().start(pipeline);
        boolean hasEnded = running.awaitTermination(Duration.ofMinutes(Answers.PATIENCE_MINUTES));
        String standing = running.explain();
        if (!hasEnded) {
            running.abandon();
        }
        running.close();
        assertTrue(hasEnded, () -> "the pipeline does not end: " + standing);
        running.failure().ifPresent(failure -> {
            throw new AssertionError("the pipeline failed", failure);
        });
        assertEquals(PipelineState.STOPPED, running.state());
        return running;
    }

    /** Until it holds; fails with how things stand once that takes too long. */
    static void await(RunningPipeline running, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() - start < TimeUnit.MINUTES.toNanos(Answers.PATIENCE_MINUTES),
                    () -> "waited in vain; " + running.explain());
            LockSupport.parkNanos(CHECK_NANOS);
        }
    }

    /** The values in turn, spread over a few partitions, then the end. */
    static <T> Source<T> spread(List<T> values) {
        List<PipelineRecord<T>> records = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            records.add(PipelineRecord.of(values.get(i), "p" + i % PARTITIONS, i / PARTITIONS));
        }
        return context -> new SourceReader<>() {

            private int next;

            @Override
            public List<PipelineRecord<T>> poll(Duration timeout) {
                int end = Math.min(records.size(), next + context.pollLimit());
                List<PipelineRecord<T>> polled = records.subList(next, end);
                next = end;
                return polled;
            }

            @Override
            public boolean isExhausted() {
                return next == records.size();
            }
        };
    }
}
