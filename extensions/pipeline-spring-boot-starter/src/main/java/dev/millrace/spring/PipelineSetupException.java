package dev.millrace.spring;

import dev.millrace.pipeline.Pipeline;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Pipelines, and what is set for them, that do not fit together. */
final class PipelineSetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    private PipelineSetupException(String message, String action) {
        super(message);
        this.action = action;
    }

    /** What to do about it. */
    String action() {
        return action;
    }

    /** Takes beans by their names, and answers pipelines by theirs. */
    static Map<String, Pipeline> requireNamesApart(Map<String, Pipeline> beans) {
        Map<String, Pipeline> pipelines = new LinkedHashMap<>();
        Map<String, String> beanNames = new LinkedHashMap<>();
        beans.forEach((bean, pipeline) -> {
            @Nullable String other = beanNames.putIfAbsent(pipeline.name(), bean);
            if (other != null) {
                throw new PipelineSetupException(
                        "The beans '" + other + "' and '" + bean + "' are both a pipeline named '" + pipeline.name()
                                + "'.",
                        "Give each a name of its own: logs, metrics, health, properties and Kafka's groups go by it.");
            }
            pipelines.put(pipeline.name(), pipeline);
        });
        return pipelines;
    }

    static void requireKnown(MillraceProperties properties, Set<String> names) {
        Set<String> unknown = properties.unknown(names);
        if (!unknown.isEmpty()) {
            throw new PipelineSetupException(
                    "Under 'millrace.pipelines' there are settings for " + new TreeSet<>(unknown)
                            + ", but the application's pipelines are " + new TreeSet<>(names) + ".",
                    "Correct the name, define the pipeline as a bean, or remove the settings.");
        }
    }
}
