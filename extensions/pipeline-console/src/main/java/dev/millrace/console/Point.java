package dev.millrace.console;

import dev.millrace.pipeline.runtime.PartitionStats;
import dev.millrace.pipeline.runtime.PipelineStats;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A point of the plots.
 *
 * @param number of the points of a pipeline, from 1
 * @param read records a second since the point before
 * @param done likewise
 * @param lag records not done of all partitions that know it; empty where none does
 * @param lagTime that of the partition that is furthest behind; empty where none knows it
 */
record Point(
        long number,
        long nanos,
        double read,
        double done,
        long inFlight,
        OptionalLong lag,
        Optional<Duration> lagTime) {

    static Point of(long number, Rates.Sample before, Rates.Sample sample) {
        PipelineStats stats = sample.stats();
        return new Point(
                number,
                sample.nanos(),
                Rates.between(before, sample, PipelineStats::recordsRead),
                Rates.between(before, sample, PipelineStats::recordsDone),
                stats.recordsInFlight(),
                lag(stats.partitions()),
                lagTime(stats.partitions()));
    }

    private static OptionalLong lag(List<PartitionStats> partitions) {
        return partitions.stream()
                .map(PartitionStats::lag)
                .flatMapToLong(OptionalLong::stream)
                .reduce(Long::sum);
    }

    private static Optional<Duration> lagTime(List<PartitionStats> partitions) {
        return partitions.stream()
                .map(PartitionStats::lagTime)
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }
}
