package dev.millrace.benchmarks.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What all rounds have come to.
 *
 * @param <K> who or what has been measured
 * @param <R> what a round comes to
 */
final class Results<K, R> {

    private final Map<K, List<R>> rounds = new LinkedHashMap<>();

    void add(K measured, R round) {
        rounds.computeIfAbsent(measured, one -> new ArrayList<>()).add(round);
    }

    List<K> measured() {
        return List.copyOf(rounds.keySet());
    }

    boolean have(K measured) {
        return rounds.containsKey(measured);
    }

    Spread of(K measured, ToDoubleFunction<R> figure) {
        return Spread.of(rounds.getOrDefault(measured, List.of()).stream()
                .mapToDouble(figure)
                .toArray());
    }

    /** How a figure relates to the other's of the same round: the median of the ratios. */
    Spread ratio(K measured, K reference, ToDoubleFunction<R> figure) {
        List<R> own = rounds.getOrDefault(measured, List.of());
        List<R> other = rounds.getOrDefault(reference, List.of());
        double[] ratios = new double[Math.min(own.size(), other.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(own.get(i)) / figure.applyAsDouble(other.get(i));
        }
        return Spread.of(ratios);
    }
}
