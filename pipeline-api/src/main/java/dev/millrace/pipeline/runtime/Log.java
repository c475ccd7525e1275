package dev.millrace.pipeline.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The log of one pipeline. Levels by reader: INFO says what state it is in, WARNING what an operator should look at,
 * ERROR that it has FAILED, DEBUG the rest. Every line begins with pipeline and stage, and holds positions and classes
 * of failures, never a payload nor the text of a failure that others made: all but that of an UnavailableException and
 * its like, which promise to hold none.
 */
final class Log {

    private static final Logger LOG = System.getLogger("dev.millrace.pipeline");
    private static final int MOST_NAMES = 10;

    private final String pipeline;
    private final LongSupplier nanoTime;
    private final Bursts bursts;
    private volatile long startedAt;

    Log(String pipeline, LongSupplier nanoTime) {
        this.pipeline = pipeline;
        this.nanoTime = nanoTime;
        this.bursts = new Bursts(nanoTime);
        this.startedAt = nanoTime.getAsLong();
    }

    void state(RunningPipeline running, PipelineState state) {
        if (state == PipelineState.RUNNING) {
            startedAt = nanoTime.getAsLong();
        }
        if (state == PipelineState.STOPPED) {
            log(Level.INFO, "", () -> "STOPPED" + summary(running.stats()));
        } else if (state == PipelineState.FAILED) {
            String stage =
                    running.failure().flatMap(PipelineFailedException::stage).orElse("");
            log(Level.ERROR, stage, () -> "FAILED" + cause(running) + summary(running.stats()));
        } else {
            log(Level.INFO, "", state::name);
        }
    }

    private static String cause(RunningPipeline running) {
        return running.failure()
                .map(failure -> failure.position().map(at -> " at " + at).orElse("")
                        + (failure.getCause() == null ? "" : ": " + Listeners.kind(failure.getCause())))
                .orElse("");
    }

    private String summary(PipelineStats stats) {
        long millis = Duration.ofNanos(nanoTime.getAsLong() - startedAt).toMillis();
        return " after " + millis + " ms: " + stats.recordsRead() + " records read, " + stats.recordsDone()
                + " done, of these " + stats.deadLetters() + " dead letters and " + stats.skipped() + " skipped";
    }

    void partitions(Collection<String> come, Collection<String> gone, int now) {
        log(
                Level.INFO,
                "",
                () -> "reads " + now + (now == 1 ? " partition" : " partitions")
                        + (come.isEmpty() ? "" : ", new: " + some(come))
                        + (gone.isEmpty() ? "" : ", gone: " + some(gone)));
    }

    private static String some(Collection<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        int rest = names.size() - MOST_NAMES;
        return rest > 0 ? first + " and " + rest + " more" : first;
    }

    void debug(String stage, Supplier<String> message) {
        log(Level.DEBUG, stage, message);
    }

    void warn(String stage, String message) {
        log(Level.WARNING, stage, () -> message);
    }

    /** The first of its kind and stage is a warning; after that, one in a while is, and says how many there were. */
    void warnSeldom(String kind, String stage, Supplier<String> message) {
        long standsFor = bursts.add(kind + "|" + stage);
        if (standsFor == Bursts.NOT_NOW) {
            log(Level.DEBUG, stage, message);
        } else {
            log(
                    Level.WARNING,
                    stage,
                    () -> message.get()
                            + (standsFor == 1 ? "" : " (the last of " + standsFor + " such since the last warning)"));
        }
    }

    private void log(Level level, String stage, Supplier<String> message) {
        if (LOG.isLoggable(level)) {
            LOG.log(level, "[" + pipeline + (stage.isEmpty() ? "" : "|" + stage) + "] " + message.get());
        }
    }
}
