package dev.millrace.benchmarks.bench;

import java.util.List;
import java.util.Locale;

/** Draws plots side by side, in colours that can be told apart on a light ground as on a dark one. */
final class Svg {

    private static final int WIDTH = 430;
    private static final int HEIGHT = 300;
    private static final int LEFT = 62;
    private static final int RIGHT = WIDTH - 18;
    private static final int TOP = 58;
    private static final int BOTTOM = HEIGHT - 50;
    private static final int LEGEND_LINE = 15;

    private static final String STYLE = """
            <style>
              text { fill: #1f2328; font: 12px sans-serif }
              .title { font-weight: bold }
              .grid { stroke: #d0d7de; stroke-width: 1 }
              .line { fill: none; stroke-width: 2 }
              .s0 { color: #0969da } .s1 { color: #bc4c00 } .s2 { color: #57606a }
              .line, .mark { stroke: currentColor } .mark { fill: currentColor }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 }
                .grid { stroke: #3d444d }
                .s0 { color: #58a6ff } .s1 { color: #f0883e } .s2 { color: #9198a1 }
              }
            </style>
            """;
    /** The lines differ in more than their colours. */
    private static final List<String> DASHES = List.of("none", "6 3", "2 3");

    private final StringBuilder svg = new StringBuilder();

    private Svg() {}

    static String of(List<Plot> plots) {
        Svg drawing = new Svg();
        drawing.draw(plots);
        return drawing.svg.toString();
    }

    private void draw(List<Plot> plots) {
        int legend = plots.stream().mapToInt(plot -> plot.series().size()).max().orElse(0) * LEGEND_LINE + LEGEND_LINE;
        int width = plots.size() * WIDTH;
        add(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">",
                width,
                HEIGHT + legend,
                width));
        svg.append(STYLE);
        for (int i = 0; i < plots.size(); i++) {
            add(String.format(Locale.ROOT, "<g transform=\"translate(%d 0)\">", i * WIDTH));
            draw(plots.get(i));
            svg.append("</g>\n");
        }
        svg.append("</svg>\n");
    }

    private void draw(Plot plot) {
        Scale scale = plot.scale();
        text(LEFT, TOP - 34, "start", "title", plot.title());
        for (double tick : scale.ticks()) {
            double y = y(scale, tick);
            add(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
                    LEFT,
                    y,
                    RIGHT,
                    y));
            text(LEFT - 6, y + 4, "end", "", value(tick));
        }
        for (int place = 0; place < plot.labels().size(); place++) {
            text(x(plot, place), BOTTOM + 18, "middle", "", plot.labels().get(place));
        }
        text((LEFT + RIGHT) / 2.0, BOTTOM + 38, "middle", "", plot.places());
        for (int i = 0; i < plot.series().size(); i++) {
            draw(plot, scale, i);
        }
    }

    private void draw(Plot plot, Scale scale, int number) {
        Plot.Series series = plot.series().get(number);
        StringBuilder points = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        for (int place = 0; place < series.values().size(); place++) {
            double value = series.values().get(place);
            if (Double.isFinite(value) && Double.isFinite(scale.position(value))) {
                String point = String.format(Locale.ROOT, "%.1f %.1f ", x(plot, place), y(scale, value));
                points.append(points.isEmpty() ? "M" : "L").append(point);
                marks.append(String.format(
                        Locale.ROOT,
                        "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n",
                        x(plot, place),
                        y(scale, value)));
            }
        }
        String dashes = DASHES.get(number % DASHES.size());
        int legend = HEIGHT + (number + 1) * LEGEND_LINE;
        add(String.format(Locale.ROOT, "<g class=\"s%d\">", number % DASHES.size()));
        add(String.format(
                Locale.ROOT,
                "<path class=\"line\" stroke-dasharray=\"%s\" d=\"%s\"/>",
                dashes,
                points.toString().strip()));
        svg.append(marks);
        add(String.format(
                Locale.ROOT,
                "<path class=\"line\" stroke-dasharray=\"%s\" d=\"M%d %d H%d\"/>",
                dashes,
                LEFT,
                legend - 4,
                LEFT + 30));
        svg.append("</g>\n");
        text(LEFT + 38, legend, "start", "", series.name());
    }

    private static double x(Plot plot, int place) {
        double share = (place + 0.5) / plot.labels().size();
        return LEFT + share * (RIGHT - LEFT);
    }

    private static double y(Scale scale, double value) {
        return BOTTOM - scale.position(value) * (BOTTOM - TOP);
    }

    private static String value(double value) {
        return value >= 1 || value == 0 ? Text.count(Math.round(value)) : String.format(Locale.ROOT, "%.3g", value);
    }

    private void text(double x, double y, String anchor, String type, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        add(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                type,
                x,
                y,
                anchor,
                escaped));
    }

    private void add(String element) {
        svg.append(element).append('\n');
    }
}
