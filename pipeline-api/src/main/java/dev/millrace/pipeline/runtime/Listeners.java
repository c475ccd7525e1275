package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells listeners, whatever they throw, and the log what operators need to know. */
final class Listeners {

    private static final Logger LOG = System.getLogger("dev.millrace.pipeline");

    private static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String pipeline;
    private final List<PipelineListener> listeners;
    private final Map<String, Long> lastWarning = new ConcurrentHashMap<>();

    Listeners(String pipeline, List<PipelineListener> listeners) {
        this.pipeline = pipeline;
        this.listeners = listeners;
    }

    void onStateChange(PipelineState state) {
        log(Level.INFO, "", state.name());
        tell(listener -> listener.onStateChange(pipeline, state));
    }

    void onWritten(String stage, List<PipelineRecord<?>> written) {
        tell(listener -> listener.onWritten(pipeline, stage, written));
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void onRetry(String stage, SourcePosition record, int failedAttempts, Throwable cause) {
        log(Level.DEBUG, stage, record + " failed at attempt " + failedAttempts + ": " + kind(cause));
        tell(listener -> listener.onRetry(pipeline, stage, record, failedAttempts, cause));
    }

    void onUnavailable(String stage, long delayNanos, Throwable cause) {
        Duration delay = Duration.ofNanos(delayNanos);
        log(
                levelOfOutage(stage),
                stage,
                "unavailable, next attempt in " + delay.toMillis() + " ms: " + cause.getMessage());
        tell(listener -> listener.onUnavailable(pipeline, stage, delay, cause));
    }

    /** Many records meet the same outage: operators are told once in a while. */
    private Level levelOfOutage(String stage) {
        long now = System.nanoTime();
        Long last = lastWarning.get(stage);
        if (last != null && now - last < WARNING_INTERVAL_NANOS) {
            return Level.DEBUG;
        }
        lastWarning.put(stage, now);
        return Level.WARNING;
    }

    void onRestart(int failures, long delayNanos, Throwable cause) {
        Duration delay = Duration.ofNanos(delayNanos);
        log(Level.WARNING, "", "begins anew in " + delay.toMillis() + " ms after: " + kind(cause));
        tell(listener -> listener.onRestart(pipeline, failures, delay, cause));
    }

    void onSkip(String stage, SourcePosition record, Throwable cause) {
        log(Level.DEBUG, stage, record + " skipped: " + kind(cause));
        tell(listener -> listener.onSkip(pipeline, stage, record, cause));
    }

    void onDeadLetter(DeadLetter letter) {
        log(Level.DEBUG, letter.stage(), letter.toString());
        tell(listener -> listener.onDeadLetter(letter));
    }

    void warn(String stage, String message) {
        log(Level.WARNING, stage, message);
    }

    /** The class only: the message of a failure may quote a payload. */
    static String kind(Throwable cause) {
        return cause.getClass().getName();
    }

    private void log(Level level, String stage, String message) {
        if (LOG.isLoggable(level)) {
            LOG.log(level, "[" + pipeline + (stage.isEmpty() ? "" : "|" + stage) + "] " + message);
        }
    }

    private void tell(Consumer<PipelineListener> event) {
        for (PipelineListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable failure) {
                Failures.rethrowIfFatal(failure);
                log(Level.WARNING, "", "a listener failed: " + kind(failure));
            }
        }
    }
}
