package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.bench.Results.Spread;
import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of results, in Markdown. */
final class Report {

    private Report() {}

    /** With what the sinks' names stand for, and how it was measured. */
    static String of(Map<SinkKind, Results> results, String command, ContenderJvm jvm) throws IOException {
        StringBuilder page = new StringBuilder();
        page.append("""
                # Performance

                Made by `%s` on %s. Absolute figures hold for that machine at that hour; what can be compared are the ratios,
                each of two runs of the same round.

                **The job**: ratings of 101 bytes of JSON from a topic of 4 partitions, bound to a record by Jackson, their
                timestamps read, joined with 8,790 films in memory, to a sink; at least once, with contiguous commits. All is
                checked before a run counts: every partition committed to its end, every row there. Kafka, Cassandra and the
                contender share the processors, each in a JVM of its own; the contender's has 2 GB of heap and G1.

                *records/s* is the median of all rounds (least..most), from the first record done to the last; *per CPU second*
                counts the whole process, its start and its compilers included; *start* is from the start of the JVM to the
                first record done; *compilers* is their share of the process's CPU time; *heap* and *resident* are peaks.
                """.formatted(command, Machine.describe()));
        for (Map.Entry<SinkKind, Results> sink : results.entrySet()) {
            page.append("\n## ").append(heading(sink.getKey())).append("\n\n").append(table(sink.getValue()));
        }
        page.append("\n## Versions\n\n");
        for (String line : versions(results, jvm)) {
            page.append("- ").append(line).append('\n');
        }
        return page.toString();
    }

    private static String heading(SinkKind sink) {
        return switch (sink) {
            case NONE -> "No sink: rows are counted";
            case KAFKA -> "To a Kafka topic, as JSON";
            case CASSANDRA -> "To a Cassandra table";
        };
    }

    private static List<String> versions(Map<SinkKind, Results> results, ContenderJvm jvm) throws IOException {
        Map<String, String> versions = new LinkedHashMap<>();
        for (Results each : results.values()) {
            for (Contender contender : each.contenders()) {
                versions.put(contender.module(), String.join(", ", Machine.versions(jvm.classPath(contender))));
            }
        }
        return versions.entrySet().stream()
                .map(module -> module.getKey() + ": " + module.getValue())
                .toList();
    }

    private static String table(Results results) {
        StringBuilder table = new StringBuilder("""
                | | records/s | of by hand | per CPU second | of by hand | start | compilers | heap | resident |
                |---|--:|--:|--:|--:|--:|--:|--:|--:|
                """);
        for (Contender contender : results.contenders()) {
            Spread rate = results.of(contender, Figures::rate);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s (%s..%s) | %.2f | %s | %.2f | %.1f s | %.0f %% | %.0f MB | %.0f MB |%n",
                    contender.isReference() || contender.module().equals("millrace")
                            ? "**" + contender.title() + "**"
                            : contender.title(),
                    rounded(rate.median()),
                    rounded(rate.least()),
                    rounded(rate.most()),
                    results.ratio(contender, Figures::rate).median(),
                    rounded(results.of(contender, Figures::ratePerCpuSecond).median()),
                    results.ratio(contender, Figures::ratePerCpuSecond).median(),
                    results.of(contender, Figures::startSeconds).median(),
                    100
                            * results.of(contender, figures -> figures.compilerSeconds() / figures.cpuSeconds())
                                    .median(),
                    results.of(contender, Figures::peakHeapMegabytes).median(),
                    results.of(contender, Figures::peakResidentMegabytes).median()));
        }
        return table.toString();
    }

    /** To three digits: there are no more in such a measurement. */
    private static String rounded(double value) {
        double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(value)) - 2));
        return String.format(Locale.ROOT, "%,.0f", Math.round(value / unit) * unit);
    }
}
