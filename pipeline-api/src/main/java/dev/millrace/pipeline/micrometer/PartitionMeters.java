package dev.millrace.pipeline.micrometer;

import dev.millrace.pipeline.runtime.PartitionStats;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of a partition. They show no number (NaN) where there is none to tell. */
final class PartitionMeters {

    private PartitionMeters() {}

    static void add(MeterGroup meters, Tags tags, String name) {
        meters.timeGauge(
                "millrace.partition.frontier.age",
                tags,
                TimeUnit.NANOSECONDS,
                all -> of(all, name, stats -> stats.frontierAge().toNanos()));
        meters.gauge("millrace.partition.frontier.gap", "records", tags, all -> of(all, name, PartitionStats::gap));
        meters.gauge(
                "millrace.partition.lag",
                "records",
                tags,
                all -> of(
                        all,
                        name,
                        stats -> stats.lag().isPresent() ? stats.lag().getAsLong() : Double.NaN));
        meters.timeGauge(
                "millrace.partition.lag.time",
                tags,
                TimeUnit.MILLISECONDS,
                all -> of(
                        all,
                        name,
                        stats -> stats.lagTime().map(PartitionMeters::millis).orElse(Double.NaN)));
    }

    private static double millis(Duration time) {
        return time.toMillis();
    }

    private static double of(Snapshot all, String name, ToDoubleFunction<PartitionStats> value) {
        return all.partition(name).map(value::applyAsDouble).orElse(Double.NaN);
    }
}
