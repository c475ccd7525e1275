package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import dev.millrace.benchmarks.workload.Times;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** How old a record is when its row is written, at some shares of the highest throughput. */
final class Latency {

    private static final List<Integer> PERCENTS = List.of(25, 50, 80);
    private static final double WARM_UP_SECONDS = 30;
    private static final double SECONDS = 60;
    /** Records that show that the contender has begun, before any is due. */
    private static final long FIRST = 100;

    private static final long AHEAD_MICROS = 100_000;
    private static final int DIGITS = 3;

    private final Bed bed;
    private final ContenderJvm jvm;
    private final Size size;
    private final List<Contender> contenders;

    Latency(Bed bed, ContenderJvm jvm, Size size, List<Contender> contenders) {
        this.bed = bed;
        this.jvm = jvm;
        this.size = size;
        this.contenders = contenders.stream().filter(Contender::isTimed).toList();
    }

    /** A contender at a share of its highest throughput. */
    private record Load(Contender contender, int percent, double rate) {}

    Section measure(EndToEnd endToEnd) throws Exception {
        Results<Contender, Figures> highest = endToEnd.known(SinkKind.CASSANDRA, contenders);
        List<Load> loads = new ArrayList<>();
        for (Contender contender : contenders) {
            double rate = highest.of(contender, Figures::rate).median();
            PERCENTS.forEach(percent -> loads.add(new Load(contender, percent, rate * percent / 100)));
        }
        List<Load> turns = new ArrayList<>(loads);
        Results<Load, Histogram> results = new Results<>();
        for (int round = 1; round <= size.rounds(); round++) {
            for (Load load : turns) {
                Histogram histogram = run(load);
                results.add(load, histogram);
                System.out.printf(
                        "LATENCY %d: %-45s %3d %%, %,9.0f records/s: p50 %.1f ms, p99 %.1f ms%n",
                        round,
                        load.contender,
                        load.percent,
                        load.rate,
                        millis((double) histogram.getValueAtPercentile(50)),
                        millis((double) histogram.getValueAtPercentile(99)));
            }
            Collections.rotate(turns, PERCENTS.size());
        }
        return new Section(
                Chapter.LATENCY,
                text(loads, results),
                Map.of(),
                contenders.stream().map(Contender::program).collect(Collectors.toSet()));
    }

    private Histogram run(Load load) throws Exception {
        String topic = bed.emptyTopic();
        Schedule schedule = new Schedule(0, load.rate);
        long warmUp = schedule.dueWithin(WARM_UP_SECONDS * Math.min(1, size.scale()));
        long records = warmUp + schedule.dueWithin(SECONDS * size.scale());
        Path file = Files.createTempFile("bench-times", "");
        Task task = bed.task(topic, FIRST + records, SinkKind.CASSANDRA, load.contender.variant())
                .writingTimesTo(file);
        try (Sender sender = new Sender(bed.kafka(), topic);
                ContenderRun run = jvm.start(load.contender.program(), task.options())) {
            sender.send(FIRST);
            run.awaitBegun();
            schedule = new Schedule(Times.now() + AHEAD_MICROS, load.rate);
            sender.send(records, schedule);
            run.figures();
        }
        bed.check(task);
        bed.deleteTopic(topic);
        long[] done = Times.load(file);
        Files.delete(file);
        Histogram histogram = new Histogram(DIGITS);
        for (long number = warmUp; number < records; number++) {
            histogram.recordValue(schedule.latencyMicros(number, done[(int) (FIRST + number)]));
        }
        return histogram;
    }

    private String text(List<Load> loads, Results<Load, Histogram> results) {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, """
                The same job to a Cassandra table, at shares of each contender's own highest throughput, which is the median of
                its end-to-end runs to Cassandra. Records are sent at a steady rate whatever becomes of them (an open loop,
                `linger.ms` 0), and the latency of each counts from the moment at which it was *due* to be sent to the
                answer to its write, so that whatever makes records wait is in it (no coordinated omission). After
                %.0f seconds to warm up, %.0f seconds count. Medians of all rounds, in milliseconds.

                | | load | records/s | p50 | p99 | p99.9 | max |
                |---|--:|--:|--:|--:|--:|--:|
                """, WARM_UP_SECONDS * Math.min(1, size.scale()), SECONDS * size.scale()));
        for (Load load : loads) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d %% | %s | %.1f | %.1f | %.1f | %.1f |%n",
                    Text.emphasised(load.contender.title(), load.contender.isMillrace()),
                    load.percent,
                    Text.rounded(load.rate),
                    percentile(load, results, 50),
                    percentile(load, results, 99),
                    percentile(load, results, 99.9),
                    percentile(load, results, 100)));
        }
        return text.toString();
    }

    private static double percentile(Load load, Results<Load, Histogram> results, double percentile) {
        return millis(results.of(load, histogram -> histogram.getValueAtPercentile(percentile))
                .median());
    }

    private static double millis(double micros) {
        return micros / 1e3;
    }
}
