package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.GrowthTask;
import dev.millrace.benchmarks.workload.GrowthTask.End;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** What a record costs the more there are of something, and how much heap that takes. */
final class Growth {

    private static final Program PROGRAM = Program.of("millrace", "millrace.Growth");
    /** Room for ten million states. */
    private static final String HEAP = "6g";

    private static final long RECORDS = 10_000_000;
    private static final int PARTITIONS = 4;
    private static final int KEYS = 1_000;
    private static final int STAGES = 3;

    private final ContenderJvm jvm;
    private final Size size;
    private final Results<Point, Figures> results = new Results<>();

    Growth(ContenderJvm jvm, Size size) {
        this.jvm = jvm.withHeap(HEAP);
        this.size = size;
    }

    /**
     * Something that there is more and more of.
     *
     * @param name as the page has it
     * @param file of its plot
     * @param counts how many there are
     * @param task what is to be done with so many
     */
    private record Axis(String name, String file, long[] counts, LongFunction<GrowthTask> task) {

        List<Point> points() {
            return LongStream.of(counts)
                    .mapToObj(count -> new Point(file, count, task.apply(count)))
                    .toList();
        }
    }

    private record Point(String axis, long count, GrowthTask task) {}

    private List<Axis> axes() {
        long records = size.of(RECORDS);
        return List.of(
                new Axis(
                        "records",
                        "growth-records.svg",
                        LongStream.of(1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000)
                                .map(size::of)
                                .toArray(),
                        count -> new GrowthTask(count, PARTITIONS, KEYS, STAGES, End.NONE)),
                new Axis(
                        "partitions",
                        "growth-partitions.svg",
                        new long[] {1, 4, 16, 64, 256},
                        count -> new GrowthTask(records, (int) count, KEYS, STAGES, End.NONE)),
                new Axis(
                        "stages",
                        "growth-stages.svg",
                        new long[] {1, 2, 4, 8, 16},
                        count -> new GrowthTask(records, PARTITIONS, KEYS, (int) count, End.NONE)),
                new Axis(
                        "keys, in order (`PER_KEY`)",
                        "growth-keys-in-order.svg",
                        keys(),
                        count -> new GrowthTask(records, PARTITIONS, (int) count, STAGES, End.IN_ORDER)),
                new Axis(
                        "keys, counted (`aggregate`)",
                        "growth-keys-counted.svg",
                        keys(),
                        count -> new GrowthTask(records, PARTITIONS, (int) count, STAGES, End.COUNTED)));
    }

    private static long[] keys() {
        return new long[] {10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000};
    }

    Section measure() throws Exception {
        List<Point> turns = new ArrayList<>(
                axes().stream().flatMap(axis -> axis.points().stream()).toList());
        for (int round = 1; round <= size.rounds(); round++) {
            for (Point point : turns) {
                Figures figures = jvm.run(PROGRAM, point.task.options());
                results.add(point, figures);
                System.out.printf(
                        "GROWTH %d: %-26s %,12d: %,6.0f ns a record, %,6.0f ns of CPU, peak heap %,d MB%n",
                        round,
                        point.axis,
                        point.count,
                        figures.nanosPerRecord(),
                        figures.cpuNanosPerRecord(),
                        figures.peakHeapMegabytes());
            }
            Collections.rotate(turns, 1);
        }
        return new Section(Chapter.GROWTH, text(), plots(), Set.of(PROGRAM));
    }

    private String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, """
                What a record costs Millrace the more there are of something, without any server: numbers with keys are made up as
                fast as they are taken, each poll brings as many of every partition, and each goes through some stages that change it.
                Where nothing else is said: %s records, %d partitions, %s keys, %d stages, no sink. Each run in a JVM of its own of %s
                heap, after a first one of up to 3M records to warm up. *ns* is the time from one record to the next, *CPU* that of all
                threads but the compilers'; *peak heap* is with garbage, of which G1 lets as much lie as there is room for, and *live
                heap* what is left of it after a collection at the end, while the pipeline runs. Medians of all rounds.
                """, Text.count(size.of(RECORDS)), PARTITIONS, Text.count(KEYS), STAGES, HEAP));
        for (Axis axis : axes()) {
            text.append("\n### ").append(axis.name).append("\n\n![").append(axis.name.replace("`", ""));
            text.append("](").append(axis.file).append(")\n\n");
            text.append("| ")
                    .append(axis.name)
                    .append(" | ns | CPU, ns | peak heap | live heap |\n|--:|--:|--:|--:|--:|\n");
            for (Point point : axis.points()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %,d | %.0f | %.0f | %.0f MB | %.0f MB |%n",
                        point.count,
                        results.of(point, Figures::nanosPerRecord).median(),
                        results.of(point, Figures::cpuNanosPerRecord).median(),
                        results.of(point, Figures::peakHeapMegabytes).median(),
                        results.of(point, Figures::liveHeapMegabytes).median()));
            }
        }
        return text.toString();
    }

    private Map<String, List<Plot>> plots() {
        Map<String, List<Plot>> plots = new LinkedHashMap<>();
        for (Axis axis : axes()) {
            List<Point> points = axis.points();
            List<String> counts =
                    points.stream().map(point -> Text.count(point.count)).toList();
            String name = axis.name.replace("`", "");
            plots.put(
                    axis.file,
                    List.of(
                            new Plot(
                                    "ns a record",
                                    name,
                                    counts,
                                    Plot.Kind.LINEAR,
                                    List.of(
                                            new Plot.Series("time", medians(points, Figures::nanosPerRecord)),
                                            new Plot.Series("CPU", medians(points, Figures::cpuNanosPerRecord)))),
                            new Plot(
                                    "heap, MB",
                                    name,
                                    counts,
                                    Plot.Kind.LINEAR,
                                    List.of(
                                            new Plot.Series("peak", medians(points, Figures::peakHeapMegabytes)),
                                            new Plot.Series("live", medians(points, Figures::liveHeapMegabytes))))));
        }
        return plots;
    }

    private List<Double> medians(List<Point> points, ToDoubleFunction<Figures> figure) {
        return points.stream().map(point -> results.of(point, figure).median()).toList();
    }
}
