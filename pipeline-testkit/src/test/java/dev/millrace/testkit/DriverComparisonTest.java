package dev.millrace.testkit;

import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What comes of a pipeline is the same with the threads of a runner and in the thread of a test. Only what no timing
 * decides is compared: not which values share a list, nor how often one is written.
 */
class DriverComparisonTest {

    private static final int PIPELINES = 30;

    /** What has come of one; of values that were written again, the first time. */
    private record Outcome(
            Map<String, Set<Integer>> written, Map<String, Long> committed, long done, long skipped, long letters) {}

    /** One run of the pipeline that a seed describes. */
    private static final class Run {

        private final Random random;
        private final TestSource<Integer> source = new TestSource<>();
        private final Map<String, Set<Integer>> written = new TreeMap<>();
        private final AtomicInteger writes = new AtomicInteger();

        Run(long seed) {
            random = new Random(seed);
            int partitions = 1 + random.nextInt(3);
            int records = random.nextInt(100);
            for (int i = 0; i < records; i++) {
                source.addRecord(PipelineRecord.of(i, source.next("p" + random.nextInt(partitions))));
            }
            source.end();
        }

        Pipeline pipeline() {
            Stage<Integer> stage = Pipeline.named("random").from(source);
            int stages = random.nextInt(6);
            for (int i = 0; i < stages; i++) {
                stage = then(stage);
            }
            return stage.to(sink(random.nextInt(4)), options());
        }

        private Stage<Integer> then(Stage<Integer> stage) {
            int number = 2 + random.nextInt(5);
            return switch (random.nextInt(6)) {
                case 0 -> stage.map(n -> n + number);
                case 1 -> stage.filter(n -> n % number != 0);
                case 2 -> stage.flatMap(n -> n % number == 0 ? List.of() : List.of(n - number));
                case 3 -> stage.map(n -> 60 / (n % number), failing());
                case 4 ->
                    stage.enrich(
                            Enrichers.<Integer, Integer>blocking(
                                    n -> n % number == 0 ? Optional.empty() : Optional.of(n * n % 1_000)),
                            n -> n,
                            (n, square) -> square.orElse(n),
                            options().batch(BatchPolicy.whatWaits()));
                default ->
                    stage.enrichOrDrop(
                            Enrichers.<Integer, Integer>async(n -> CompletableFuture.completedFuture(
                                    n % number == 0 ? Optional.empty() : Optional.of(n + 1))),
                            n -> n,
                            (n, next) -> next);
            };
        }

        private StageOptions failing() {
            return with().onFailure(
                            random.nextBoolean()
                                    ? FailurePolicy.skip()
                                    : FailurePolicy.deadLetter(context -> batch -> WriteResult.alreadyWritten()));
        }

        private StageOptions options() {
            StageOptions options = failing().retry(RetryPolicy.fixed(Duration.ofMillis(1)));
            return switch (random.nextInt(3)) {
                case 0 -> options.ordering(Ordering.PER_KEY);
                case 1 -> options.batch(BatchPolicy.of(1 + random.nextInt(20), Duration.ofMillis(1)));
                default -> options;
            };
        }

        /** Is away now and then, and refuses some values. */
        private Sink<Integer> sink(int every) {
            return context -> batch -> context.blocking(() -> {
                if (every > 0 && writes.incrementAndGet() % (every + 1) == 0) {
                    throw new UnavailableException("away");
                }
                Map<Integer, Throwable> failures = new TreeMap<>();
                synchronized (written) {
                    for (int i = 0; i < batch.size(); i++) {
                        PipelineRecord<Integer> record = batch.get(i);
                        if (record.value() % 11 == 5) {
                            failures.put(i, new IllegalArgumentException("refused"));
                        } else {
                            written.computeIfAbsent(record.partition(), name -> new LinkedHashSet<>())
                                    .add(record.value());
                        }
                    }
                }
                return WriteResult.failed(failures);
            });
        }

        Outcome outcome(PipelineStats stats) {
            Map<String, Long> committed = new TreeMap<>();
            for (int i = 0; i < 3; i++) {
                committed.put("p" + i, source.committed("p" + i));
            }
            synchronized (written) {
                return new Outcome(
                        new TreeMap<>(written), committed, stats.recordsDone(), stats.skipped(), stats.deadLetters());
            }
        }
    }

    @Test
    void shouldComeToTheSameAsWithOneWorker() throws Exception {
        compare(PipelineRunner.create().workers(1));
    }

    @Test
    void shouldComeToTheSameAsWithSeveralWorkers() throws Exception {
        compare(PipelineRunner.create().workers(3));
    }

    private static void compare(PipelineRunner runner) throws Exception {
        for (long seed = 0; seed < PIPELINES; seed++) {
            Run threaded = new Run(seed);
            Outcome withThreads;
            try (RunningPipeline running = runner.start(threaded.pipeline())) {
                running.awaitTermination();
                withThreads = threaded.outcome(running.stats());
            }
            Run stepped = new Run(seed);
            Outcome alone;
            try (PipelineTestDriver driver = PipelineTestDriver.create()) {
                RunningPipeline running = driver.start(stepped.pipeline(), runner);
                running.awaitTermination();
                alone = stepped.outcome(running.stats());
            }
            assertThat(alone).as("seed %d", seed).hasToString(withThreads.toString());
        }
    }
}
