package dev.millrace.pipeline.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PipelineMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final PipelineRunner runner = Runs.runner().listener(PipelineMetrics.to(registry));
    private final ManualSource<Integer> source = ManualSource.pausable();
    private final ManualSink<Integer> sink = ManualSink.create();

    @Test
    void shouldShowWhatBecomesOfRecords() {
        for (int i = 0; i < 10; i++) {
            source.feed(PipelineRecord.of(i, "p", i).withTimestamp(1_000).withSize(7));
        }
        source.lag(Map.of("p", 5L));
        try (RunningPipeline running = runner.start(ofAllStages(sink))) {
            sink.call(0).succeed();
            await("millrace.pipeline.read", 10);
            await("millrace.pipeline.done", 10);
            await("millrace.pipeline.dead.lettered", 1);
            await("millrace.pipeline.skipped", 2);
            await("millrace.pipeline.in.flight", 0);
            await("millrace.stage.in", 10, "stage", "from");
            await("millrace.stage.dropped", 1, "stage", "filter");
            await("millrace.stage.failed", 2, "stage", "map");
            await("millrace.stage.skipped", 2, "stage", "map");
            await("millrace.stage.dead.lettered", 1, "stage", "map-2");
            await("millrace.stage.out", 1, "stage", "dead-letters");
            await("millrace.enrich.hits", 5, "stage", "enrich");
            await("millrace.enrich.misses", 1, "stage", "enrich");
            await("millrace.enrich.lookup", 6, "stage", "enrich");
            await("millrace.enrich.lookup.max", value -> value > 0, "stage", "enrich");
            await("millrace.enrich.cache.hits", 30, "stage", "enrich");
            await("millrace.enrich.cache.misses", 40, "stage", "enrich");
            await("millrace.enrich.cache.size", 50, "stage", "enrich");
            await("millrace.sink.batched", 6, "stage", "to");
            await("millrace.sink.batch.max", value -> value >= 1, "stage", "to");
            await("millrace.sink.write.max", value -> value > 0, "stage", "to");
            await("millrace.partition.lag", 5, "partition", "p");
            await("millrace.partition.lag.time", value -> value > 1e9, "partition", "p");
            await("millrace.partition.frontier.gap", 0, "partition", "p");
            await("millrace.partition.frontier.age", 0, "partition", "p");
            FunctionTimer writes =
                    registry.get("millrace.sink.write").tags("stage", "to").functionTimer();
            assertThat(writes.count()).isEqualTo(sink.calls());
            assertThat(writes.totalTime(TimeUnit.NANOSECONDS)).isPositive();
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldShowWhatIsInFlight() {
        source.feed(PipelineRecord.of(1, "p", 0).withSize(7));
        source.feed(PipelineRecord.of(2, "p", 1).withSize(8));
        try (RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(source).to(sink))) {
            sink.call(0);
            await("millrace.pipeline.in.flight", 2);
            await("millrace.stage.held", 2, "stage", "to");
            await("millrace.stage.held", 0, "stage", "from");
            await("millrace.pipeline.in.flight.size", 15);
            await("millrace.partition.frontier.age", value -> value > 0, "partition", "p");
            running.abandon();
        }
    }

    /** The table is what users build dashboards on: not a name, type, unit or tag more or less than in the code. */
    @Test
    void shouldHaveTheMetersOfTheTableAndNoOthers() throws IOException {
        source.feed("p", 0, 1);
        try (RunningPipeline running = runner.start(ofAllStages(Sinks.discard()))) {
            await("millrace.partition.frontier.gap", 0, "partition", "p");
            awaitNextPoll();
            assertThat(new TreeSet<>(registry.getMeters().stream()
                            .map(PipelineMetricsTest::row)
                            .toList()))
                    .containsExactlyElementsOf(new TreeSet<>(documented()));
            assertThat(running.failure()).isEmpty();
        }
    }

    private static String row(Meter meter) {
        String type = meter.getId().getType().name().toLowerCase(Locale.ROOT);
        String tags = meter.getId().getTags().stream()
                .map(Tag::getKey)
                .filter(key -> !key.equals("pipeline") && !key.equals("run"))
                .collect(Collectors.joining(", "));
        String unit = Optional.ofNullable(meter.getId().getBaseUnit()).orElse("");
        return meter.getId().getName() + " | " + type + " | " + unit + " | " + tags;
    }

    /** The first four columns of the rows that begin with a name of ours. */
    private static List<String> documented() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "metrics.md")).stream()
                .filter(line -> line.startsWith("| `millrace."))
                .map(line -> line.replace("`", "").split("\\|"))
                .map(cells -> IntStream.rangeClosed(1, 4)
                        .mapToObj(column -> cells[column].strip())
                        .collect(Collectors.joining(" | ")))
                .toList();
    }

    @Test
    void shouldTakeAllMetersAwayWhenThePipelineHasEnded() {
        for (int start = 0; start < 50; start++) {
            ManualSource<Integer> once = ManualSource.pausable();
            once.feed("p", 0, 1).end();
            Runs.run(runner, Pipeline.named("pipe").from(once).to(Sinks.discard()));
            assertThat(registry.getMeters()).isEmpty();
        }
        source.feed("p", 0, 1);
        Runs.runToFailure(
                runner, Pipeline.named("pipe").from(source).map(value -> null).to(Sinks.discard()));
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void shouldTellRunsOfOnePipelineApartAndUseTheirNumbersAgain() {
        ManualSource<Integer> other = ManualSource.pausable();
        PipelineRunner otherRunner = Runs.runner().listener(PipelineMetrics.to(registry));
        source.feed("p", 0, 1);
        other.feed("p", 0, 1).feed("p", 1, 2);
        Pipeline second = Pipeline.named("pipe").from(other).to(Sinks.discard());
        try (RunningPipeline later = otherRunner.start(second)) {
            try (RunningPipeline running =
                    runner.start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
                await("millrace.pipeline.done", 2, "run", "1");
                await("millrace.pipeline.done", 1, "run", "2");
                assertThat(running.failure()).isEmpty();
            }
            assertThat(registry.find("millrace.pipeline.done").tags("run", "2").meter())
                    .isNull();
            await("millrace.pipeline.done", 2, "run", "1");
            try (RunningPipeline again = otherRunner.start(second)) {
                assertThat(registry.get("millrace.pipeline.done")
                                .tags("run", "2")
                                .meter())
                        .isNotNull();
                assertThat(again.failure()).isEmpty();
            }
            assertThat(later.failure()).isEmpty();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void shouldForgetPartitionsThatComeAndGo() {
        source.feed("stays", 0, 1);
        try (RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            await("millrace.partition.frontier.gap", 0, "partition", "stays");
            awaitNextPoll();
            int before = registry.getMeters().size();
            for (int i = 0; i < 200; i++) {
                List<String> name = List.of("p-" + i);
                source.within(context -> context.assigned(name));
                source.within(i % 2 == 0 ? context -> context.lost(name) : context -> context.revoked(name));
            }
            Await.until(
                    () -> "there are " + before + " meters, not "
                            + registry.getMeters().size(),
                    () -> registry.getMeters().size() == before);
            assertThat(running.failure()).isEmpty();
        }
    }

    @Test
    void shouldAddTagsOfTheUser() {
        source.feed("p", 0, 1);
        PipelineMetrics metrics = PipelineMetrics.to(registry).tag("region", "north");
        try (RunningPipeline running = Runs.runner()
                .listener(metrics)
                .start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            await("millrace.partition.frontier.gap", 0, "partition", "p");
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allMatch(meter -> "north".equals(meter.getId().getTag("region")));
            assertThat(running.failure()).isEmpty();
        }
    }

    /** Of 0 to 9: 0 is dropped, 1 and 2 are skipped, 3 is a dead letter, 4 has no answer. */
    private Pipeline ofAllStages(Sink<Integer> end) {
        Enricher<Integer, Integer> enricher = context -> new Lookup<>() {
            @Override
            public CompletionStage<Optional<Integer>> find(Integer key) {
                return CompletableFuture.completedFuture(key == 4 ? Optional.empty() : Optional.of(key));
            }

            @Override
            public Optional<CacheStats> cache() {
                return Optional.of(new CacheStats(30, 40, 50));
            }
        };
        return Pipeline.named("pipe")
                .from(source)
                .filter(value -> value != 0)
                .map(value -> value < 3 ? null : value, StageOptions.with().onFailure(FailurePolicy.skip()))
                .map(
                        value -> value == 3 ? null : value,
                        StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .enrich(enricher, value -> value, (value, found) -> value)
                .to(end);
    }

    /** Which comes when all meters of the partitions that the last one has brought are there. */
    private void awaitNextPoll() {
        source.within(context -> {});
    }

    private void await(String name, double expected, String... tags) {
        await(name, value -> value == expected, tags);
    }

    private void await(String name, DoublePredicate condition, String... tags) {
        Await.until(() -> name + " is as expected, not " + value(name, tags), () -> condition.test(value(name, tags)));
    }

    private double value(String name, String... tags) {
        Meter meter = registry.find(name).tags(tags).meter();
        if (meter == null) {
            return Double.NaN;
        }
        for (Measurement measurement : meter.measure()) {
            return measurement.getValue();
        }
        return Double.NaN;
    }
}
