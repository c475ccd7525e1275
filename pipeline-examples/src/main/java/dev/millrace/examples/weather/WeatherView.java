package dev.millrace.examples.weather;

import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.runtime.StageStats;
import java.io.PrintStream;
import java.util.Locale;

/** Says which cities are left out and why, and sums up. */
final class WeatherView implements PipelineListener {

    private final PrintStream out;

    WeatherView(PrintStream out) {
        this.out = out;
    }

    /** Of a deadline that has passed, the cause tells what came before it. */
    @Override
    public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
        String last = cause.getCause() == null
                ? ""
                : ", the last time: " + cause.getCause().getMessage();
        out.println("left out: " + cause.getMessage() + last);
    }

    void summary(RunningPipeline fetching, RunningPipeline storing) {
        PipelineStats fetched = fetching.stats();
        StageStats asking = fetched.stage("enrichOrDrop");
        out.println();
        line("rounds", fetched.recordsRead());
        line("asked", asking.in());
        line("answered", asking.out());
        line("left out", fetched.skipped());
        line("messages", fetched.stage("to").out());
        line("rows written", storing.stats().stage("to").out());
        fetching.failure().ifPresent(failure -> out.println(failure.getMessage()));
        storing.failure().ifPresent(failure -> out.println(failure.getMessage()));
    }

    private void line(String what, long count) {
        out.printf(Locale.ROOT, "%-13s %,d%n", what, count);
    }
}
