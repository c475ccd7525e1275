package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.SourcePosition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a pipeline could not start, or ended in {@link PipelineState#FAILED}. The message names pipeline, stage and
 * position and the class of the cause, never a payload; the cause is attached as it was thrown.
 */
public class PipelineFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String pipeline;
    private final @Nullable String stage;
    private final transient @Nullable SourcePosition position;

    PipelineFailedException(
            String message,
            String pipeline,
            @Nullable String stage,
            @Nullable SourcePosition position,
            @Nullable Throwable cause) {
        super(message, cause);
        this.pipeline = pipeline;
        this.stage = stage;
        this.position = position;
    }

    /** Name of the pipeline. */
    public String pipeline() {
        return pipeline;
    }

    /** Name of the stage that failed, where one did. */
    public Optional<String> stage() {
        return Optional.ofNullable(stage);
    }

    /** The record that failed, where it was one. */
    public Optional<SourcePosition> position() {
        return Optional.ofNullable(position);
    }
}
