package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Tells listeners, whatever they throw, and the log what operators need to know. */
final class Listeners {

    private final Log log;
    private final String pipeline;
    private final List<PipelineListener> listeners;
    private Set<String> partitions = Set.of();

    Listeners(String pipeline, List<PipelineListener> listeners, LongSupplier nanoTime) {
        this.log = new Log(pipeline, nanoTime);
        this.pipeline = pipeline;
        this.listeners = listeners;
    }

    void onStateChange(RunningPipeline running, PipelineState state) {
        log.state(running, state);
        tell(listener -> listener.onStateChange(running, state));
    }

    /** The source loop's, after each poll. */
    void onPartitions(RunningPipeline running, Collection<String> names) {
        if (partitions.size() == names.size() && partitions.containsAll(names)) {
            return;
        }
        Set<String> former = partitions;
        partitions = Set.copyOf(names);
        log.partitions(without(names, former), without(former, names), names.size());
        Set<String> told = partitions;
        tell(listener -> listener.onPartitionsChange(running, told));
    }

    private static Set<String> without(Collection<String> names, Collection<String> others) {
        Set<String> rest = new TreeSet<>(names);
        rest.removeAll(others);
        return rest;
    }

    void onWritten(String stage, List<PipelineRecord<?>> written) {
        tell(listener -> listener.onWritten(pipeline, stage, written));
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void onRetry(String stage, SourcePosition record, int failedAttempts, Throwable cause) {
        log.debug(stage, () -> record + " failed at attempt " + failedAttempts + ": " + kind(cause));
        tell(listener -> listener.onRetry(pipeline, stage, record, failedAttempts, cause));
    }

    void onUnavailable(String stage, long delayNanos, Throwable cause) {
        Duration delay = Duration.ofNanos(delayNanos);
        log.warnSeldom(
                "unavailable",
                stage,
                () -> "unavailable, next attempt in " + delay.toMillis() + " ms: " + cause.getMessage());
        tell(listener -> listener.onUnavailable(pipeline, stage, delay, cause));
    }

    void onCommitFailed(String stage, Throwable cause) {
        log.warnSeldom("commit", stage, () -> "commit failed, comes again: " + cause.getMessage());
    }

    void onLagUnknown(String stage, Throwable cause) {
        log.debug(stage, () -> "lag is not known: " + kind(cause));
    }

    void onRestart(int failures, long delayNanos, Throwable cause) {
        Duration delay = Duration.ofNanos(delayNanos);
        warn("", "begins anew in " + delay.toMillis() + " ms after: " + kind(cause));
        tell(listener -> listener.onRestart(pipeline, failures, delay, cause));
    }

    /** Each is a warning: what is lost is nowhere else to be found. */
    void onDataLoss(String stage, DataLoss loss) {
        warn(stage, loss.toString());
        tell(listener -> listener.onDataLoss(pipeline, stage, loss));
    }

    void onSkip(String stage, SourcePosition record, Throwable cause) {
        log.warnSeldom("skip", stage, () -> record + " skipped: " + kind(cause));
        tell(listener -> listener.onSkip(pipeline, stage, record, cause));
    }

    void onDeadLetter(DeadLetter letter) {
        log.warnSeldom(
                "dead letter",
                letter.stage(),
                () -> letter.original().position() + " becomes a dead letter after " + letter.attempts()
                        + (letter.attempts() == 1 ? " attempt: " : " attempts: ") + kind(letter.cause()));
        tell(listener -> listener.onDeadLetter(letter));
    }

    void warn(String stage, String message) {
        log.warn(stage, message);
    }

    /**
     * The class only, since the message of a failure may quote a payload; but that of a data loss is made of offsets,
     * that of a stage or an outage names what it cannot do without, and that of a stage's failure at a record is made
     * here.
     */
    static String kind(Throwable cause) {
        String type = cause.getClass().getName();
        if (cause instanceof PipelineFailedException failure) {
            return failure.position().isPresent() ? String.valueOf(failure.getMessage()) : placed(failure, type);
        }
        return cause instanceof DataLossException
                        || cause instanceof StageFailedException
                        || cause instanceof UnavailableException
                ? type + ": " + cause.getMessage()
                : type;
    }

    /** Of a stage that could not be opened again. */
    private static String placed(PipelineFailedException failure, String type) {
        return failure.stage().isPresent() && failure.getCause() != null
                ? "stage '" + failure.stage().get() + "': " + kind(failure.getCause())
                : type;
    }

    private void tell(Consumer<PipelineListener> event) {
        for (PipelineListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable failure) {
                Failures.rethrowIfFatal(failure);
                log.warnSeldom("listener", "", () -> "a listener failed: " + kind(failure));
            }
        }
    }
}
