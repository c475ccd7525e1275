package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a pipeline that could not start because a system was away. Of other failures the stack trace tells more. */
final class UnavailableFailureAnalyzer extends AbstractFailureAnalyzer<PipelineFailedException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PipelineFailedException cause) {
        if (!(cause.getCause() instanceof UnavailableException)) {
            return null;
        }
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Make sure that this system can be reached from here. For the application to start without it, set"
                        + " 'auto-startup' of the pipeline to false, and start it later by RunningPipelines.",
                cause);
    }
}
