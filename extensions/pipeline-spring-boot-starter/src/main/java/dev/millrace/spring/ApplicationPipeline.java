package dev.millrace.spring;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pipeline of the application, what it is started with, and what was last started. */
final class ApplicationPipeline {

    private final Pipeline pipeline;
    private final PipelineRunner runner;
    private final boolean isAutoStartup;
    private volatile @Nullable RunningPipeline started;

    ApplicationPipeline(Pipeline pipeline, PipelineRunner runner, boolean isAutoStartup) {
        this.pipeline = pipeline;
        this.runner = runner;
        this.isAutoStartup = isAutoStartup;
    }

    boolean isAutoStartup() {
        return isAutoStartup;
    }

    /** Starts it unless it runs. */
    synchronized RunningPipeline start() {
        RunningPipeline last = started;
        if (last == null || last.state().isFinal()) {
            last = runner.start(pipeline);
            started = last;
        }
        return last;
    }

    Optional<RunningPipeline> started() {
        return Optional.ofNullable(started);
    }
}
