package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Is told what a pipeline does beside its work. The engine's threads call it, several at once, so it must be
 * thread-safe and must not block; what it throws is logged and ignored.
 */
public interface PipelineListener {

    /** The pipeline has come to another state. States are told one at a time, in their order. */
    default void onStateChange(String pipeline, PipelineState state) {}

    /**
     * As the other, with the pipeline itself: to tell those of one name apart, or to ask for its statistics. Told of
     * {@link PipelineState#RUNNING} before anything is read, and of the final state before those who wait for the end
     * go on, unless a listener blocks for more than 5 s. By default calls the other.
     */
    default void onStateChange(RunningPipeline running, PipelineState state) {
        onStateChange(running.pipeline().name(), state);
    }

    /**
     * The pipeline now reads these partitions, and no others. Told after a poll that has brought partitions or taken
     * some.
     */
    default void onPartitionsChange(RunningPipeline running, Set<String> partitions) {}

    /**
     * A sink has written these values, of one batch. Called for each batch, so it must be quick, and must copy the list
     * if it wants to keep it; a value may be written again later, after a restart.
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

    /**
     * The source has lost records before they were read, and goes on behind them, or ends the pipeline. May be told
     * before {@link PipelineState#RUNNING}, for what was lost while nothing ran; is told again if a crash follows
     * before anything behind them is committed.
     */
    default void onDataLoss(String pipeline, String stage, DataLoss loss) {}

    /** A record has been given up by a stage whose failure policy is to skip it. */
    default void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {}

    /** A record has been given up and is about to be stored as a dead letter. */
    default void onDeadLetter(DeadLetter letter) {}
}
