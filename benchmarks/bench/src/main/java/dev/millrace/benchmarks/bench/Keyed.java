package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.KeyedTask;
import dev.millrace.benchmarks.workload.KeyedTask.Way;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Work on many keys at once, in order for each. */
final class Keyed {

    private static final int KEYS = 10_000;
    private static final int CONCURRENCY = 1_000;

    private static final List<Work> WORK =
            List.of(new Work(0, 2_000_000), new Work(1, 1_000_000), new Work(10, 500_000), new Work(100, 100_000));

    private final Bed bed;
    private final ContenderJvm jvm;
    private final Size size;
    private final List<KeyedContender> contenders;
    private final List<Jdk> jdks = Jdk.withAndWithoutVirtualThreads();
    private final Results<Case, Figures> results = new Results<>();

    Keyed(Bed bed, ContenderJvm jvm, Size size, List<KeyedContender> contenders) {
        this.bed = bed;
        this.jvm = jvm;
        this.size = size;
        this.contenders = contenders;
    }

    /** How long the work on a record takes, and the records of a run. */
    private record Work(int millis, long records) {}

    private record Case(Jdk jdk, Way way, int millis, KeyedContender contender) {}

    Section measure() throws Exception {
        for (Work work : WORK) {
            long records = size.of(work.records);
            System.out.println("Loading " + records + " records of " + KEYS + " keys");
            String topic = bed.loadKeyed(records, KEYS);
            List<Case> turns = new ArrayList<>(cases(work.millis));
            for (int round = 1; round <= size.rounds(); round++) {
                for (Case each : turns) {
                    run(each, topic, records, round);
                }
                Collections.rotate(turns, 1);
            }
            bed.deleteTopic(topic);
        }
        return new Section(
                Chapter.KEYED,
                text(),
                plots(),
                contenders.stream().map(KeyedContender::program).collect(Collectors.toSet()));
    }

    private List<Case> cases(int millis) {
        List<Case> cases = new ArrayList<>();
        for (Jdk jdk : jdks) {
            for (Way way : Way.values()) {
                contenders.forEach(contender -> cases.add(new Case(jdk, way, millis, contender)));
            }
        }
        return cases;
    }

    private void run(Case each, String topic, long records, int round) throws Exception {
        KeyedTask task = bed.keyedTask(topic, records, KEYS, each.millis, each.way, CONCURRENCY);
        Figures figures = jvm.on(each.jdk).run(each.contender.program(), task.options());
        bed.checkCommitted(task.group(), topic);
        BenchException.require(
                !each.contender.keepsOrder() || figures.outOfOrder() == 0,
                figures.outOfOrder() + " records have come out of order from " + each.contender.title());
        results.add(each, figures);
        System.out.printf(
                "KEYED %d: %s, %-8s %3d ms: %-25s %,9.0f records/s, %,d out of order%n",
                round, each.jdk, each.way, each.millis, each.contender.title(), figures.rate(), figures.outOfOrder());
    }

    private String text() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                Records of 100 bytes and %,d keys, at random, from a topic of 8 partitions; work of 0 to 100 ms on each, which keeps a
                thread (*blocking*) or is answered later (*async*); at most %,d records are worked on at once. Records of one key must be
                worked on one after the other, in their order, which is checked for each: a run in which one was not counts for nothing.
                The loop keeps no order and commits what it has not done: nobody who does can be faster. Millrace hands each
                record to its sink by itself (`with().ordering(PER_KEY).concurrency(%d).batch(upTo(1))`), on virtual threads where the JVM
                has them; parallel-consumer has a pool of as many threads, and for *async* its module for Reactor. Medians of all
                rounds in records/s, and what of the loop's records was out of order.
                """, KEYS, CONCURRENCY, CONCURRENCY));
        for (Jdk jdk : jdks) {
            text.append("\n### ").append(jdk).append("\n\n![").append(jdk).append("](");
            text.append(file(jdk)).append(")\n");
            for (Way way : Way.values()) {
                text.append('\n').append(table(jdk, way));
            }
        }
        return text.toString();
    }

    private String table(Jdk jdk, Way way) {
        StringBuilder table = new StringBuilder("| " + name(way));
        WORK.forEach(work -> table.append(" | ").append(work.millis).append(" ms"));
        table.append(" | out of order |\n|---")
                .append("|--:".repeat(WORK.size() + 1))
                .append("|\n");
        for (KeyedContender contender : contenders) {
            table.append("| ").append(Text.emphasised(contender.title(), contender.isMillrace()));
            double outOfOrder = 0;
            for (Work work : WORK) {
                Case each = new Case(jdk, way, work.millis, contender);
                table.append(" | ")
                        .append(Text.rounded(results.of(each, Figures::rate).median()));
                outOfOrder = Math.max(
                        outOfOrder,
                        results.of(each, figures -> 100.0 * figures.outOfOrder() / figures.records())
                                .most());
            }
            table.append(
                    contender.keepsOrder()
                            ? " | none |\n"
                            : String.format(Locale.ROOT, " | up to %.0f %% |%n", outOfOrder));
        }
        return table.toString();
    }

    private Map<String, List<Plot>> plots() {
        Map<String, List<Plot>> plots = new LinkedHashMap<>();
        for (Jdk jdk : jdks) {
            plots.put(
                    file(jdk),
                    Arrays.stream(Way.values()).map(way -> plot(jdk, way)).toList());
        }
        return plots;
    }

    private Plot plot(Jdk jdk, Way way) {
        List<Plot.Series> series = new ArrayList<>();
        for (KeyedContender contender : contenders) {
            List<Double> rates = WORK.stream()
                    .map(work -> results.of(new Case(jdk, way, work.millis, contender), Figures::rate)
                            .median())
                    .toList();
            series.add(new Plot.Series(contender.title(), rates));
        }
        return new Plot(
                "records/s, " + name(way) + ", " + jdk,
                "work on each record, ms",
                WORK.stream().map(work -> String.valueOf(work.millis)).toList(),
                Plot.Kind.LOGARITHMIC,
                series);
    }

    private static String name(Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }

    private static String file(Jdk jdk) {
        return "keyed-java-" + jdk.feature() + ".svg";
    }
}
