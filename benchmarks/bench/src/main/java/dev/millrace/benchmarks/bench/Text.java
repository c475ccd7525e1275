package dev.millrace.benchmarks.bench;

import java.util.Locale;

/** How figures are written. */
final class Text {

    private Text() {}

    /** To three digits: there are no more in such a measurement. */
    static String rounded(double value) {
        double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(value)) - 2));
        return String.format(Locale.ROOT, "%,.0f", Math.round(value / unit) * unit);
    }

    /** A count, shortened by thousands. */
    static String count(long count) {
        if (count >= 1_000_000 && count % 1_000_000 == 0) {
            return count / 1_000_000 + "M";
        }
        return count >= 1_000 && count % 1_000 == 0 ? count / 1_000 + "k" : String.valueOf(count);
    }

    /** Bold if it is to stand out. */
    static String emphasised(String text, boolean isOutstanding) {
        return isOutstanding ? "**" + text + "**" : text;
    }
}
