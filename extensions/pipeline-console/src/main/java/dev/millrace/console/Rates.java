package dev.millrace.console;

import dev.millrace.pipeline.runtime.PipelineStats;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** How fast counts of a pipeline grow, as of its samples of the last few seconds. Not thread-safe. */
final class Rates {

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    record Sample(long nanos, PipelineStats stats) {}

    Rates(Sample first) {
        samples.add(first);
    }

    /** What came before the window is kept as far as it is needed to begin from. */
    void add(Sample sample) {
        while (samples.size() > 1 && sample.nanos - second().nanos >= WINDOW_NANOS) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }

    PipelineStats first() {
        return samples.getFirst().stats;
    }

    Sample last() {
        return samples.getLast();
    }

    /** Per second; 0 while there is one sample only. */
    double of(ToLongFunction<PipelineStats> count) {
        return between(samples.getFirst(), samples.getLast(), count);
    }

    static double between(Sample from, Sample to, ToLongFunction<PipelineStats> count) {
        long nanos = to.nanos - from.nanos;
        long more = count.applyAsLong(to.stats) - count.applyAsLong(from.stats);
        return nanos <= 0 ? 0 : more * NANOS_PER_SECOND / nanos;
    }
}
