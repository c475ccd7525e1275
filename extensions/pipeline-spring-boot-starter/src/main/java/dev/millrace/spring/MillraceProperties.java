package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineRunner;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the application's pipelines.
 *
 * @param autoStartup Whether pipelines start with the application.
 * @param onFailure What becomes of the application when a pipeline ends in failure.
 * @param runner How pipelines run.
 * @param pipelines What differs for single pipelines, by name.
 */
@ConfigurationProperties("millrace")
record MillraceProperties(
        @DefaultValue("true") boolean autoStartup,
        @DefaultValue("keep-running") OnFailure onFailure,
        @NestedConfigurationProperty @DefaultValue RunnerProperties runner,
        @DefaultValue Map<String, PipelineProperties> pipelines) {

    /** What a runner refuses is refused while it is known where it was set. */
    MillraceProperties {
        pipelines = Map.copyOf(pipelines);
        PipelineRunner unused = runner.applyTo(PipelineRunner.create());
    }

    boolean isAutoStartup(String pipeline) {
        return of(pipeline).map(PipelineProperties::autoStartup).orElse(autoStartup);
    }

    OnFailure onFailure(String pipeline) {
        return of(pipeline).map(PipelineProperties::onFailure).orElse(onFailure);
    }

    /** The runner of a pipeline: this one, with all that is set. */
    PipelineRunner runner(String pipeline, PipelineRunner base) {
        PipelineRunner common = runner.applyTo(base);
        return of(pipeline)
                .map(properties -> properties.runner().applyTo(common))
                .orElse(common);
    }

    /** Those that are set for pipelines that there are not. */
    Set<String> unknown(Set<String> names) {
        Set<String> relaxed = names.stream().map(MillraceProperties::relaxed).collect(Collectors.toSet());
        return pipelines.keySet().stream()
                .filter(name -> !names.contains(name) && !relaxed.contains(relaxed(name)))
                .collect(Collectors.toSet());
    }

    private Optional<PipelineProperties> of(String pipeline) {
        @Nullable PipelineProperties exact = pipelines.get(pipeline);
        return exact != null
                ? Optional.of(exact)
                : pipelines.entrySet().stream()
                        .filter(entry -> relaxed(entry.getKey()).equals(relaxed(pipeline)))
                        .map(Map.Entry::getValue)
                        .findFirst();
    }

    /** As names of properties are compared: of {@code movie-ratings} an environment variable has but MOVIERATINGS. */
    private static String relaxed(String name) {
        return name.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
