package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Our window of requests, which adapts, beside fixed ones of the loop that groups rows, to a Cassandra that is idle,
 * slow or overloaded.
 */
final class Window {

    private static final List<Integer> WINDOWS = List.of(8, 32, 128, 512, 1_024);

    private final Bed bed;
    private final ContenderJvm jvm;
    private final Size size;
    private final Contender ours = Contender.CONTENDERS.get(0);
    private final List<Contender> byHand = WINDOWS.stream()
            .map(window -> Contender.byHand("grouped-" + window, "by hand, " + window, EnumSet.of(SinkKind.CASSANDRA)))
            .toList();
    private final List<Contender> contenders =
            Stream.concat(Stream.of(ours), byHand.stream()).toList();

    Window(Bed bed, ContenderJvm jvm, Size size) {
        this.bed = bed;
        this.jvm = jvm;
        this.size = size;
    }

    /** How much of the time Cassandra stands still, and how many records it is given. */
    private enum State {
        IDLE(0, 100_000),
        SLOW(50, 60_000),
        OVERLOADED(90, 20_000);

        final int percent;
        final long records;

        State(int percent, long records) {
            this.percent = percent;
            this.records = records;
        }
    }

    private record Setting(State state, Contender contender) {}

    Section measure() throws Exception {
        Results<Setting, Double> results = new Results<>();
        for (State state : State.values()) {
            long count = size.of(state.records);
            String topic = bed.load(count);
            List<Contender> turns = new ArrayList<>(contenders);
            run(ours, topic, count, state); // warms the servers up
            for (int round = 1; round <= size.rounds(); round++) {
                for (Contender contender : turns) {
                    double rate = run(contender, topic, count, state);
                    results.add(new Setting(state, contender), rate);
                    System.out.printf("WINDOW %d: %-10s %-20s %,9.0f records/s%n", round, state, contender, rate);
                }
                Collections.rotate(turns, 1);
            }
            bed.deleteTopic(topic);
        }
        Set<Program> programs = contenders.stream().map(Contender::program).collect(Collectors.toSet());
        return new Section(Chapter.WINDOW, text(results), Map.of(), programs);
    }

    /** Records a second; 0 for one that has failed, as by a timeout. */
    private double run(Contender contender, String topic, long count, State state) throws Exception {
        Task task = bed.task(topic, count, SinkKind.CASSANDRA, contender.variant());
        Brake brake = bed.brake(state.percent);
        @Nullable Figures figures;
        try {
            figures = jvm.run(contender.program(), task.options());
        } catch (BenchException failed) {
            System.out.println(failed.getMessage());
            figures = null;
        } finally {
            brake.release();
        }
        if (figures == null) {
            bed.forget(task);
            return 0;
        }
        bed.check(task);
        return figures.rate();
    }

    private String text(Results<Setting, Double> results) {
        StringBuilder text = new StringBuilder("""
                Records a second, with so many requests under way at once, each with rows of one partition; ours, by its default settings,
                has as many as the time that answers take allows. *Slow* is a Cassandra that stands still for %d ms of each 100,
                *overloaded* one that does for %d. *0* is a run that ended by a timeout. *Ours, of the best* is the median over the
                rounds of our rate by that of the window that is best in the median.

                | Cassandra | records | Millrace | %s | ours, of the best |
                |---|--:|--:|%s--:|
                """.formatted(
                        State.SLOW.percent,
                        State.OVERLOADED.percent,
                        byHand.stream().map(Contender::title).collect(Collectors.joining(" | ")),
                        "--:|".repeat(byHand.size())));
        for (State state : State.values()) {
            text.append(String.format(
                    "| %s | %s |", state.name().toLowerCase(Locale.ROOT), Text.count(size.of(state.records))));
            for (Contender contender : contenders) {
                double rate = rate(results, state, contender);
                text.append(String.format(" %s |", rate == 0 ? "0" : Text.rounded(rate)));
            }
            Contender best = Collections.max(
                    byHand, (one, other) -> Double.compare(rate(results, state, one), rate(results, state, other)));
            text.append(String.format(
                    Locale.ROOT,
                    " %.2f |%n",
                    results.ratio(new Setting(state, ours), new Setting(state, best), rate -> rate)
                            .median()));
        }
        return text.toString();
    }

    private static double rate(Results<Setting, Double> results, State state, Contender contender) {
        return results.of(new Setting(state, contender), rate -> rate).median();
    }
}
