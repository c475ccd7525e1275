package dev.millrace.pipeline;

import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import java.util.ArrayList;
import java.util.List;

/** Which options each verb heeds. Any other would do nothing, and whoever has set it believes that it does. */
final class HeededOptions {

    private HeededOptions() {}

    static void require(StageOptions options, String verb, String stage, String pipeline) {
        List<String> heeded = of(verb);
        for (String option : set(options)) {
            if (!heeded.contains(option)) {
                throw new PipelineDefinitionException("stage '" + stage + "' in pipeline '" + pipeline
                        + "' has no use for " + option + ": of the options " + verb + " heeds "
                        + String.join(", ", heeded));
            }
        }
    }

    private static List<String> of(String verb) {
        return switch (verb) {
            case "to", "alsoTo" ->
                List.of("name", "onFailure", "retry", "batch", "ordering", "concurrency", "timeout", "deadline");
            case "enrich", "enrichOrDrop" ->
                List.of("name", "onFailure", "retry", "ordering", "concurrency", "timeout", "deadline");
            case "aggregate", "snapshots" -> List.of("name", "onFailure", "retry");
            case "throttle", "limit", "batch", "branch" -> List.of("name");
            default -> List.of("name", "onFailure");
        };
    }

    /** Those that are not as they would be anyway. */
    private static List<String> set(StageOptions options) {
        List<String> set = new ArrayList<>();
        options.onFailure().ifPresent(policy -> set.add("onFailure"));
        if (!options.retry().equals(RetryPolicy.none())) {
            set.add("retry");
        }
        if (!options.batch().equals(BatchPolicy.whatWaits())) {
            set.add("batch");
        }
        if (options.ordering() != Ordering.PER_PARTITION) {
            set.add("ordering");
        }
        options.concurrency().ifPresent(calls -> set.add("concurrency"));
        options.timeout().ifPresent(time -> set.add("timeout"));
        options.deadline().ifPresent(time -> set.add("deadline"));
        return set;
    }
}
