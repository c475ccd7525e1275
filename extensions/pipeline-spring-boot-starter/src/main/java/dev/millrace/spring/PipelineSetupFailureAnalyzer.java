package dev.millrace.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains pipelines that do not fit together without a stack trace, which would not tell more. */
final class PipelineSetupFailureAnalyzer extends AbstractFailureAnalyzer<PipelineSetupException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PipelineSetupException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
