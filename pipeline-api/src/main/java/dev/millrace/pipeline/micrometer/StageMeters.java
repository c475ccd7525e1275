package dev.millrace.pipeline.micrometer;

import dev.millrace.pipeline.runtime.LookupStats;
import dev.millrace.pipeline.runtime.StageStats;
import dev.millrace.pipeline.runtime.WriteStats;
import dev.millrace.pipeline.spi.CacheStats;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of a stage, which is known by its place among the stages. */
final class StageMeters {

    private StageMeters() {}

    static void add(MeterGroup meters, Tags tags, int index, StageStats first) {
        counter(meters, "millrace.stage.in", tags, index, StageStats::in);
        counter(meters, "millrace.stage.out", tags, index, StageStats::out);
        counter(meters, "millrace.stage.dropped", tags, index, StageStats::dropped);
        counter(meters, "millrace.stage.failed", tags, index, StageStats::failed);
        counter(meters, "millrace.stage.dead.lettered", tags, index, StageStats::deadLettered);
        counter(meters, "millrace.stage.skipped", tags, index, StageStats::skipped);
        meters.counter(
                "millrace.stage.retries",
                "attempts",
                tags,
                all -> all.stage(index).retries());
        meters.counter(
                "millrace.stage.unavailable",
                "attempts",
                tags,
                all -> all.stage(index).unavailable());
        meters.gauge(
                "millrace.stage.held", "records", tags, all -> all.stage(index).held());
        if (first.writes().isPresent()) {
            addWrites(meters, tags, index);
        }
    }

    private static void addWrites(MeterGroup meters, Tags tags, int index) {
        meters.timer(
                "millrace.sink.write",
                tags,
                all -> writes(all, index).calls(),
                all -> writes(all, index).time().toNanos());
        meters.timeGauge(
                "millrace.sink.write.max",
                tags,
                TimeUnit.NANOSECONDS,
                all -> writes(all, index).longest().toNanos());
        meters.counter(
                "millrace.sink.batched",
                "records",
                tags,
                all -> writes(all, index).records());
        meters.gauge(
                "millrace.sink.batch.max",
                "records",
                tags,
                all -> writes(all, index).largest());
    }

    static void addEnrichment(MeterGroup meters, Tags tags, int index, StageStats first) {
        meters.counter(
                "millrace.enrich.hits", "lookups", tags, all -> all.stage(index).hits());
        meters.counter(
                "millrace.enrich.misses",
                "lookups",
                tags,
                all -> all.stage(index).misses());
        if (first.lookups().isPresent()) {
            meters.timer(
                    "millrace.enrich.lookup",
                    tags,
                    all -> lookups(all, index).calls(),
                    all -> lookups(all, index).time().toNanos());
            meters.timeGauge(
                    "millrace.enrich.lookup.max",
                    tags,
                    TimeUnit.NANOSECONDS,
                    all -> lookups(all, index).longest().toNanos());
        }
        if (first.cache().isPresent()) {
            meters.counter(
                    "millrace.enrich.cache.hits",
                    "lookups",
                    tags,
                    all -> cache(all, index).hits());
            meters.counter(
                    "millrace.enrich.cache.misses",
                    "lookups",
                    tags,
                    all -> cache(all, index).misses());
            meters.gauge(
                    "millrace.enrich.cache.size",
                    "answers",
                    tags,
                    all -> cache(all, index).size());
        }
    }

    private static void counter(
            MeterGroup meters, String name, Tags tags, int index, ToDoubleFunction<StageStats> count) {
        meters.counter(name, "records", tags, all -> count.applyAsDouble(all.stage(index)));
    }

    private static WriteStats writes(Snapshot all, int index) {
        return all.stage(index).writes().orElseThrow();
    }

    private static LookupStats lookups(Snapshot all, int index) {
        return all.stage(index).lookups().orElseThrow();
    }

    private static CacheStats cache(Snapshot all, int index) {
        return all.stage(index).cache().orElseThrow();
    }
}
