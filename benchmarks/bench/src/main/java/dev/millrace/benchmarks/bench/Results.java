package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all runs of one sink. */
final class Results {

    private final Map<Contender, List<Figures>> runs = new LinkedHashMap<>();

    void add(Contender contender, Figures figures) {
        runs.computeIfAbsent(contender, one -> new ArrayList<>()).add(figures);
    }

    List<Contender> contenders() {
        return Contender.CONTENDERS.stream().filter(runs::containsKey).toList();
    }

    Spread of(Contender contender, ToDoubleFunction<Figures> figure) {
        return Spread.of(runs.getOrDefault(contender, List.of()).stream()
                .mapToDouble(figure)
                .toArray());
    }

    /** How a figure relates to the reference's of the same round: the median of the ratios. */
    Spread ratio(Contender contender, ToDoubleFunction<Figures> figure) {
        List<Figures> own = runs.getOrDefault(contender, List.of());
        List<Figures> reference = runs.entrySet().stream()
                .filter(entry -> entry.getKey().isReference())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(List.of());
        int rounds = Math.min(own.size(), reference.size());
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] = figure.applyAsDouble(own.get(i)) / figure.applyAsDouble(reference.get(i));
        }
        return Spread.of(ratios);
    }

    /** The least, the median and the most of some values; not a number where there are none. */
    record Spread(double least, double median, double most) {

        static Spread of(double[] values) {
            if (values.length == 0) {
                return new Spread(Double.NaN, Double.NaN, Double.NaN);
            }
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int half = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
            return new Spread(sorted[0], median, sorted[sorted.length - 1]);
        }
    }
}
