package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Workers that share the one call at a time that a sink allows, in virtual time. */
class GateTurnTest {

    private final SimScheduler scheduler = new SimScheduler(new SplittableRandom(1), () -> false);
    private final SimEnvironment environment = new SimEnvironment(scheduler, false);
    private final RunnerOptions options = new RunnerOptions();
    private final ArrayDeque<PipelineRecord<String>> due = new ArrayDeque<>();
    private final List<String> written = new ArrayList<>();
    private final List<Long> latencies = new ArrayList<>(List.of(90L, 50L));

    /** Records by the millisecond at which they come, named by it; each partition has a worker of its own. */
    private void feed(String partition, int... millis) {
        for (int offset = 0; offset < millis.length; offset++) {
            PipelineRecord<String> record = PipelineRecord.of(partition + millis[offset], partition, offset);
            scheduler.after(TimeUnit.MILLISECONDS.toNanos(millis[offset]), () -> due.add(record));
        }
    }

    private Source<String> source() {
        return context -> timeout -> {
            environment.await(() -> !due.isEmpty(), timeout.toNanos());
            List<PipelineRecord<String>> records = List.copyOf(due);
            due.clear();
            return records;
        };
    }

    /** The first calls take 90 and 50 ms, the others no time. */
    private SinkWriter<String> writer() {
        return batch -> {
            CompletableFuture<WriteResult> result = new CompletableFuture<>();
            long latency = latencies.isEmpty() ? 0 : latencies.remove(0);
            scheduler.after(TimeUnit.MILLISECONDS.toNanos(latency), () -> {
                batch.forEach(record -> written.add(record.value()));
                result.complete(WriteResult.written());
            });
            return result;
        };
    }

    /**
     * When the second call ends, at 140 ms, the value of the worker whose turn it is has been given up, at 110 ms. The
     * next one's would be at 160 ms if nobody told that one of its turn.
     */
    @Test
    void shouldHandATurnOnThatNobodyHasAUseForAnyMore() {
        options.workers = 3;
        feed("a", 0, 5, 85);
        feed("b", 10);
        feed("c", 60);
        Engine engine = Engine.start(
                Pipeline.named("turns")
                        .from(source())
                        .to(
                                context -> writer(),
                                StageOptions.with()
                                        .ordering(Ordering.UNORDERED)
                                        .concurrency(1)
                                        .batch(BatchPolicy.upTo(2))
                                        .deadline(Duration.ofMillis(100))
                                        .onFailure(FailurePolicy.skip())),
                options,
                environment);

        scheduler.runUntil(() -> false, scheduler.now() + TimeUnit.MILLISECONDS.toNanos(400));

        assertThat(written).filteredOn(Predicate.not("a5"::equals)).containsExactly("a0", "a85", "c60");
        assertThat(engine.stats().stage("to").skipped()).isEqualTo(2);
    }
}
