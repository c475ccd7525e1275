package dev.millrace.examples.ratings;

import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.runtime.StageStats;
import java.io.PrintStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;

/** Prints what happens while it happens, and what has happened at the end. */
final class LiveView {

    private final PrintStream out;
    private final Observed observed;
    private String shown = "";

    LiveView(PrintStream out, Observed observed) {
        this.out = out;
        this.observed = observed;
    }

    void show(PipelineStats sent, PipelineStats written) {
        String counts = String.format(
                Locale.ROOT,
                "sent %,d  read %,d  written %,d  in flight %,d",
                sent.recordsDone(),
                written.recordsRead(),
                written.stage("to").out(),
                written.recordsInFlight());
        if (!counts.equals(shown)) {
            shown = counts;
            out.println(counts);
        }
        for (EnrichedRating row : observed.takeRecent()) {
            out.printf(
                    Locale.ROOT,
                    "  %-24.24s | %-19s | %-32.32s | %-20.20s | %4s | %2d | %-8s%n",
                    row.userName(),
                    row.ratingTimestamp().truncatedTo(ChronoUnit.SECONDS),
                    row.movieName(),
                    Objects.requireNonNullElse(row.director(), "-"),
                    Objects.requireNonNullElse(row.releaseYear(), "-"),
                    row.rating(),
                    Objects.requireNonNullElse(row.ratingCategory(), "-"));
        }
    }

    void summary(RunningPipeline sending, RunningPipeline writing, Duration took) {
        PipelineStats stats = writing.stats();
        StageStats join = stats.stage("enrich");
        long written = stats.stage("to").out();
        out.println();
        line("sent", sending.stats().recordsDone());
        line("read", stats.recordsRead());
        line("written", written);
        line("joined", join.out() - join.misses());
        line("unmatched", join.misses());
        line("dead letters", stats.deadLetters());
        line("duplicates", observed.duplicates());
        out.printf(Locale.ROOT, "%-13s p50 %d ms, p99 %d ms%n", "latency", latency(50), latency(99));
        out.printf(Locale.ROOT, "%-13s %,.0f%n", "records/s", written / Math.max(0.001, took.toMillis() / 1_000.0));
        sending.failure().ifPresent(failure -> out.println(failure.getMessage()));
        writing.failure().ifPresent(failure -> out.println(failure.getMessage()));
    }

    private long latency(double percentile) {
        return observed.latencyMillis(percentile);
    }

    private void line(String what, long count) {
        out.printf(Locale.ROOT, "%-13s %,d%n", what, count);
    }
}
