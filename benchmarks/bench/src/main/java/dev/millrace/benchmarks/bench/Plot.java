package dev.millrace.benchmarks.bench;

import java.util.List;

/**
 * Lines over a few places side by side.
 *
 * @param title what the lines tell, with its unit
 * @param places what the places stand for
 * @param labels of the places
 * @param kind of the scale upwards
 * @param series the lines
 */
record Plot(String title, String places, List<String> labels, Kind kind, List<Series> series) {

    /** How values are laid out. */
    enum Kind {
        /** From 0. */
        LINEAR,
        /** By powers of ten. */
        LOGARITHMIC
    }

    /**
     * A line.
     *
     * @param name what it stands for
     * @param values one for each place
     */
    record Series(String name, List<Double> values) {}

    Scale scale() {
        double[] values = series.stream()
                .flatMap(each -> each.values.stream())
                .mapToDouble(value -> value)
                .toArray();
        return kind == Kind.LINEAR ? Scale.linear(values) : Scale.logarithmic(values);
    }
}
