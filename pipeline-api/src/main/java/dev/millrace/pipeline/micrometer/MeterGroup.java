package dev.millrace.pipeline.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Meters that read one snapshot and go together. A registry knows what they read by a weak reference only, so a group
 * must be kept for as long as it is to count.
 */
final class MeterGroup {

    private final MeterRegistry registry;
    private final Snapshot snapshot;
    private final List<Meter> meters = new ArrayList<>();

    MeterGroup(MeterRegistry registry, Snapshot snapshot) {
        this.registry = registry;
        this.snapshot = snapshot;
    }

    void counter(String name, String unit, Tags tags, ToDoubleFunction<Snapshot> count) {
        meters.add(FunctionCounter.builder(name, snapshot, count)
                .tags(tags)
                .baseUnit(unit)
                .register(registry));
    }

    void gauge(String name, String unit, Tags tags, ToDoubleFunction<Snapshot> value) {
        meters.add(
                Gauge.builder(name, snapshot, value).tags(tags).baseUnit(unit).register(registry));
    }

    void timeGauge(String name, Tags tags, TimeUnit unit, ToDoubleFunction<Snapshot> value) {
        meters.add(TimeGauge.builder(name, snapshot, unit, value).tags(tags).register(registry));
    }

    void timer(String name, Tags tags, ToLongFunction<Snapshot> count, ToDoubleFunction<Snapshot> totalNanos) {
        meters.add(FunctionTimer.builder(name, snapshot, count, totalNanos, TimeUnit.NANOSECONDS)
                .tags(tags)
                .register(registry));
    }

    void remove() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
