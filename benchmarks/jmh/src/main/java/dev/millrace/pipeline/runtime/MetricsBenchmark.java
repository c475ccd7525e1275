package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.runtime.Purchases.Priced;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** The engine of {@link ChainBenchmark}, without meters and with them, all of which are read once a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Purchases.COUNT)
public class MetricsBenchmark {

    /** Whether there are meters. */
    @Param({"false", "true"})
    public boolean metered;

    private final Map<Integer, String> cities = Purchases.cities();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();

    private @Nullable SteppedPipeline pipeline;

    /** Starts the pipeline, and who reads its meters. */
    @Setup
    public void start(Blackhole read) {
        PipelineRunner runner = PipelineRunner.create();
        pipeline = new SteppedPipeline(
                metered ? runner.listener(PipelineMetrics.to(registry)) : runner,
                from -> from.map(Purchases::taxed)
                        .filter(Purchases::isLarge)
                        .map(Purchases::priced)
                        .enrichOrDrop(Enrichers.of(cities), Priced::shop, Purchases::placed));
        if (metered == registry.getMeters().isEmpty()) {
            throw new IllegalStateException("there are " + registry.getMeters().size() + " meters");
        }
        var unused = scraper.scheduleAtFixedRate(() -> scrape(read), 1, 1, TimeUnit.SECONDS);
    }

    private void scrape(Blackhole read) {
        double sum = 0;
        for (Meter meter : registry.getMeters()) {
            for (Measurement measurement : meter.measure()) {
                sum += measurement.getValue();
            }
        }
        read.consume(sum);
    }

    /** Ends it. */
    @TearDown
    public void stop() {
        scraper.shutdownNow();
        Objects.requireNonNull(pipeline).close();
    }

    /** From the poll of the source to the frontier. */
    @Benchmark
    public double engine() {
        return Objects.requireNonNull(pipeline).pass();
    }
}
