package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Throughput from a topic to a sink. */
final class EndToEnd {

    private static final long RECORDS = 3_000_000;
    private static final long RECORDS_TO_CASSANDRA = 300_000;
    private static final int RUNS_TO_WARM_UP = 2;

    private final Bed bed;
    private final ContenderJvm jvm;
    private final Size size;
    private final Map<SinkKind, Results<Contender, Figures>> results = new EnumMap<>(SinkKind.class);

    EndToEnd(Bed bed, ContenderJvm jvm, Size size) {
        this.bed = bed;
        this.jvm = jvm;
        this.size = size;
    }

    /** Measures them, once for each sink. */
    private Results<Contender, Figures> measure(SinkKind sink, List<Contender> contenders) throws Exception {
        long count = size.recordsOr(sink == SinkKind.CASSANDRA ? RECORDS_TO_CASSANDRA : RECORDS);
        System.out.println("Loading " + count + " records for sink " + sink);
        String topic = bed.load(count);
        List<Contender> turns = new ArrayList<>(contenders);
        Results<Contender, Figures> measured = new Results<>();
        // Servers that have just been started are slow, to whomever comes first, and go on compiling well into a second
        // run.
        for (int i = 0; i < RUNS_TO_WARM_UP; i++) {
            run(contenders.get(0), topic, count, sink);
        }
        for (int round = 1; round <= size.rounds(); round++) {
            for (Contender contender : turns) {
                Figures figures = run(contender, topic, count, sink);
                measured.add(contender, figures);
                System.out.printf(
                        "%s %d: %-45s %,9.0f records/s, %,9.0f per CPU second, started in %.1f s%n",
                        sink, round, contender, figures.rate(), figures.ratePerCpuSecond(), figures.startSeconds());
            }
            // Nobody always comes after the same one.
            Collections.rotate(turns, 1);
        }
        bed.deleteTopic(topic);
        results.put(sink, measured);
        return measured;
    }

    private Figures run(Contender contender, String topic, long count, SinkKind sink) throws Exception {
        Task task = bed.task(topic, count, sink, contender.variant());
        Figures figures = jvm.run(contender.program(), task.options());
        bed.check(task);
        return figures;
    }

    /** What has been measured to that sink, of these at least; measured now where it has not been. */
    Results<Contender, Figures> known(SinkKind sink, List<Contender> contenders) throws Exception {
        Results<Contender, Figures> measured = results.get(sink);
        return measured != null && contenders.stream().allMatch(measured::have) ? measured : measure(sink, contenders);
    }

    /** Measures them, and makes a part of the page of it. */
    Section section(SinkKind sink, List<Contender> contenders) throws Exception {
        Results<Contender, Figures> measured = measure(sink, contenders);
        Set<Program> programs =
                measured.measured().stream().map(Contender::program).collect(Collectors.toSet());
        return new Section(chapter(sink), table(measured), Map.of(), programs);
    }

    private static Chapter chapter(SinkKind sink) {
        return switch (sink) {
            case NONE -> Chapter.NO_SINK;
            case KAFKA -> Chapter.KAFKA;
            case CASSANDRA -> Chapter.CASSANDRA;
        };
    }

    private static String table(Results<Contender, Figures> results) {
        StringBuilder table = new StringBuilder("""
                | | records/s | of by hand | per CPU second | of by hand | start | compilers | heap | resident |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        Contender reference = Contender.CONTENDERS.stream()
                .filter(Contender::isReference)
                .findFirst()
                .orElseThrow();
        Contender.CONTENDERS.stream()
                .filter(results::have)
                .forEach(contender -> table.append(row(contender, reference, results)));
        return table.toString();
    }

    private static String row(Contender contender, Contender reference, Results<Contender, Figures> results) {
        Spread rate = results.of(contender, Figures::rate);
        return String.format(
                Locale.ROOT,
                "| %s | %s (%s..%s) | %.2f | %s | %.2f | %.1f s | %.0f %% | %.0f MB | %.0f MB |%n",
                Text.emphasised(contender.title(), contender.isReference() || contender.isMillrace()),
                Text.rounded(rate.median()),
                Text.rounded(rate.least()),
                Text.rounded(rate.most()),
                results.ratio(contender, reference, Figures::rate).median(),
                Text.rounded(results.of(contender, Figures::ratePerCpuSecond).median()),
                results.ratio(contender, reference, Figures::ratePerCpuSecond).median(),
                results.of(contender, Figures::startSeconds).median(),
                100
                        * results.of(contender, figures -> figures.compilerSeconds() / figures.cpuSeconds())
                                .median(),
                results.of(contender, Figures::peakHeapMegabytes).median(),
                results.of(contender, Figures::peakResidentMegabytes).median());
    }
}
