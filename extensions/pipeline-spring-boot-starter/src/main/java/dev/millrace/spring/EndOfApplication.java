package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Ends the application when a pipeline ends in failure. */
final class EndOfApplication implements PipelineListener {

    private static final Logger LOG = System.getLogger("dev.millrace.spring");
    private static final int FAILED = 1;

    private final ConfigurableApplicationContext application;
    private final boolean isExit;

    private EndOfApplication(ConfigurableApplicationContext application, boolean isExit) {
        this.application = application;
        this.isExit = isExit;
    }

    static PipelineListener on(OnFailure onFailure, ConfigurableApplicationContext application) {
        return switch (onFailure) {
            case KEEP_RUNNING -> new PipelineListener() {};
            case CLOSE -> new EndOfApplication(application, false);
            case EXIT -> new EndOfApplication(application, true);
        };
    }

    @Override
    public void onStateChange(RunningPipeline running, PipelineState state) {
        if (state == PipelineState.FAILED && application.isActive()) {
            LOG.log(Level.WARNING, "[" + running.pipeline().name() + "] has FAILED, and ends the application");
            // The context waits for its pipelines, and this one is not told to have ended before this returns.
            new Thread(this::end, "millrace-end-of-application").start();
        }
    }

    private void end() {
        int code = SpringApplication.exit(application, () -> FAILED);
        if (isExit) {
            System.exit(code);
        }
    }
}
