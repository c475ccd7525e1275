package dev.millrace.console;

import dev.millrace.pipeline.runtime.Holdup;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.List;

/** How a pipeline is. */
record Status(PipelineState state, boolean isPaused, PipelineHealth health, List<Holdup> holdups) {

    /** Asks its workers, which may take a second or two where functions block them. */
    static Status of(RunningPipeline running) {
        return new Status(running.state(), running.isPaused(), running.health(), running.holdups());
    }
}
