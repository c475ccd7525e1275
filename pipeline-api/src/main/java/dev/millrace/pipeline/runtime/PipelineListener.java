package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import java.time.Duration;
import java.util.List;

/**
 * Is told what a pipeline does beside its work. The engine's threads call it, several at once, so it must be
 * thread-safe and must not block; what it throws is logged and ignored.
 */
public interface PipelineListener {

    /** The pipeline has come to another state. */
    default void onStateChange(String pipeline, PipelineState state) {}

    /**
     * A sink has written these values, of one batch. Called for each batch, so it must be quick; a value may be written
     * again later, after a restart.
     */
    default void onWritten(String pipeline, String stage, List<PipelineRecord<?>> written) {}

    /** A record is tried again after a failure of its own. */
    default void onRetry(String pipeline, String stage, SourcePosition record, int failedAttempts, Throwable cause) {}

    /** A stage could not reach what is behind it, and tries again after the delay. */
    default void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {}

    /**
     * A failure that may pass has ended what the pipeline had opened; it begins anew after the delay.
     *
     * @param failures how many failures there were in a row, this one included
     */
    default void onRestart(String pipeline, int failures, Duration delay, Throwable cause) {}

    /** A record has been given up by a stage whose failure policy is to skip it. */
    default void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {}

    /** A record has been given up and is about to be stored as a dead letter. */
    default void onDeadLetter(DeadLetter letter) {}
}
