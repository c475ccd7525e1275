package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Workers that share the one call at a time that a stage allows, in virtual time. */
class GateTurnTest {

    private final SimScheduler scheduler = new SimScheduler(new SplittableRandom(1), () -> false);
    private final SimEnvironment environment = new SimEnvironment(scheduler, false);
    private final RunnerOptions options = new RunnerOptions();
    private final ArrayDeque<PipelineRecord<String>> due = new ArrayDeque<>();
    private final List<String> written = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
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

    /** The first question is refused after 10 ms, the second one is answered after 90 ms, the third at once. */
    private CompletableFuture<Optional<String>> find(String question) {
        long latency = List.of(10, 90, 0).get(asked.size());
        boolean isFirst = asked.isEmpty();
        asked.add(question);
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        scheduler.after(TimeUnit.MILLISECONDS.toNanos(latency), () -> {
            if (isFirst) {
                answer.completeExceptionally(new IllegalStateException("refused"));
            } else {
                answer.complete(Optional.of(question));
            }
        });
        return answer;
    }

    /**
     * The value of worker b is refused and waits for its second turn from 40 ms on, until it is given up at 100. Its
     * turn comes at 110 ms, when worker a's answer does; worker c would not be told, and its value be given up at 160.
     */
    @Test
    void shouldHandATurnToAskOnThatNobodyHasAUseForAnyMore() {
        options.workers = 3;
        feed("b", 0);
        feed("a", 20);
        feed("c", 60);
        Engine engine = Engine.start(
                Pipeline.named("turns")
                        .from(source())
                        .enrich(
                                Enrichers.async(this::find),
                                value -> value,
                                (value, answer) -> value,
                                StageOptions.with()
                                        .concurrency(1)
                                        .retry(RetryPolicy.fixed(Duration.ofMillis(30)))
                                        .deadline(Duration.ofMillis(100))
                                        .onFailure(FailurePolicy.skip()))
                        .to(Sinks.into(written)),
                options,
                environment);

        scheduler.runUntil(() -> false, scheduler.now() + TimeUnit.MILLISECONDS.toNanos(400));

        assertThat(asked).containsExactly("b0", "a20", "c60");
        assertThat(written).containsExactly("a20", "c60");
        assertThat(engine.stats().stage("enrich").skipped()).isEqualTo(1);
    }
}
