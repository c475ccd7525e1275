package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineRunner;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of one pipeline; what is not set is as for all.
 *
 * @param autoStartup Whether this pipeline starts with the application.
 * @param onFailure What becomes of the application when this pipeline ends in failure.
 * @param runner How this pipeline runs.
 */
record PipelineProperties(
        @Nullable Boolean autoStartup,
        @Nullable OnFailure onFailure,
        @NestedConfigurationProperty @DefaultValue RunnerProperties runner) {

    /** What a runner refuses is refused while it is known where it was set. */
    PipelineProperties {
        PipelineRunner unused = runner.applyTo(PipelineRunner.create());
    }
}
