package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.Purchases.Placed;
import dev.millrace.pipeline.runtime.Purchases.Priced;
import dev.millrace.pipeline.runtime.Purchases.Purchase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/**
 * Map, filter, map, look up, sum: as a loop written by hand, as a {@code java.util.stream}, as the fused chain alone,
 * and through the whole engine, from the poll to the frontier.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Purchases.COUNT)
public class ChainBenchmark {

    /**
     * Whether the JVM has run the same with many other functions before: then the compiler cannot know which one a
     * stage calls. The loop has no functions, and is left alone.
     */
    @Param({"false", "true"})
    public boolean megamorphic;

    private final List<Purchase> purchases = Purchases.all();
    private final Map<Integer, String> cities = Purchases.cities();

    private @Nullable SteppedPipeline pipeline;
    private @Nullable FusedChain chain;

    /** Starts the pipeline, after others where that is asked for. */
    @Setup
    public void start() {
        if (megamorphic) {
            OtherFunctions.run(cities);
        }
        pipeline = new SteppedPipeline(PipelineRunner.create(), this::stages);
        chain = new FusedChain(pipeline);
    }

    /** Ends it. */
    @TearDown
    public void stop() {
        Objects.requireNonNull(pipeline).close();
    }

    private Stage<Placed> stages(Stage<Purchase> from) {
        return from.map(Purchases::taxed)
                .filter(Purchases::isLarge)
                .map(Purchases::priced)
                .enrichOrDrop(Enrichers.of(cities), Priced::shop, Purchases::placed);
    }

    /** What an expert writes. */
    @Benchmark
    public double loop() {
        double sum = 0;
        for (Purchase purchase : purchases) {
            Purchase taxed = Purchases.taxed(purchase);
            if (Purchases.isLarge(taxed)) {
                Priced priced = Purchases.priced(taxed);
                String city = cities.get(priced.shop());
                if (city != null) {
                    sum += Purchases.placed(priced, city).amount();
                }
            }
        }
        return sum;
    }

    /** What the JDK has for the same. */
    @Benchmark
    public double stream() {
        return OtherFunctions.sum(
                purchases,
                Purchases::taxed,
                Purchases::isLarge,
                Purchases::priced,
                Priced::shop,
                cities,
                Purchases::placed);
    }

    /** The steps of a worker, without what surrounds them. */
    @Benchmark
    public double chain() {
        return Objects.requireNonNull(chain).pass();
    }

    /** From the poll of the source to the frontier: mailbox, ledger, chain and sink. */
    @Benchmark
    public double engine() {
        return Objects.requireNonNull(pipeline).pass();
    }

    private static final class FusedChain {

        private final List<PipelineRecord<Purchase>> records;
        private final Step first;
        private final Flight flight;
        private double sum;

        FusedChain(SteppedPipeline pipeline) {
            records = pipeline.records();
            first = pipeline.stepsBefore((flight, key, value) -> sum += ((Placed) value).amount())
                    .get(0);
            flight = new Flight(new Partition("0", first.worker), records.get(0), 0);
        }

        double pass() {
            sum = 0;
            for (PipelineRecord<Purchase> record : records) {
                first.accept(flight, record.key(), record.value());
            }
            return sum;
        }
    }
}
