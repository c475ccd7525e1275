package dev.millrace.benchmarks.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Where values lie between the bottom of a plot and its top, and which of them are written beside it. */
final class Scale {

    private static final int MOST_STEPS = 6;
    private static final double[] ROUND = {1, 2, 5, 10};

    private final List<Double> ticks;
    private final DoubleUnaryOperator position;

    private Scale(List<Double> ticks, DoubleUnaryOperator position) {
        this.ticks = ticks;
        this.position = position;
    }

    /** From 0 to the first round value that none exceeds. */
    static Scale linear(double... values) {
        double most = finite(values).max().orElse(1);
        double step = roundStep(most <= 0 ? 1 : most);
        int steps = Math.max(1, (int) Math.ceil(most / step));
        return new Scale(
                IntStream.rangeClosed(0, steps).mapToObj(i -> i * step).toList(), value -> value / (steps * step));
    }

    private static double roundStep(double most) {
        double rough = most / MOST_STEPS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        return power
                * Arrays.stream(ROUND)
                        .filter(round -> round * power >= rough)
                        .findFirst()
                        .orElseThrow();
    }

    /** From the power of ten below all positive values to the one above. */
    static Scale logarithmic(double... values) {
        double[] positive = finite(values).filter(value -> value > 0).toArray();
        double least = Arrays.stream(positive).min().orElse(1);
        double most = Arrays.stream(positive).max().orElse(1);
        int bottom = (int) Math.floor(Math.log10(least));
        int top = Math.max(bottom + 1, (int) Math.ceil(Math.log10(most)));
        return new Scale(
                IntStream.rangeClosed(bottom, top)
                        .mapToObj(power -> Math.pow(10, power))
                        .toList(),
                value -> (Math.log10(value) - bottom) / (top - bottom));
    }

    private static DoubleStream finite(double... values) {
        return Arrays.stream(values).filter(Double::isFinite);
    }

    /** From 0 at the bottom to 1 at the top. */
    double position(double value) {
        return position.applyAsDouble(value);
    }

    /** The values to write, from the bottom to the top. */
    List<Double> ticks() {
        return ticks;
    }
}
