package dev.millrace.pipeline.graph;

import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as data: its stages in order, from the source to the sink that ends it.
 *
 * @param name name of the pipeline
 * @param stages at least a {@link StageNode.From} and a {@link StageNode.To}; those of a branch are within its
 *     {@link StageNode.Branch}
 */
public record PipelineGraph(String name, List<StageNode> stages) {

    /** Checks the ends and copies the list. */
    public PipelineGraph {
        Objects.requireNonNull(name, "name");
        stages = List.copyOf(stages);
        if (stages.size() < 2
                || !(stages.get(0) instanceof StageNode.From)
                || !(stages.get(stages.size() - 1) instanceof StageNode.To)) {
            throw new IllegalArgumentException("stages must begin with a source and end with a sink");
        }
    }

    /** The first stage. */
    public StageNode.From source() {
        return (StageNode.From) stages.get(0);
    }

    /** The last stage. */
    public StageNode.To sink() {
        return (StageNode.To) stages.get(stages.size() - 1);
    }

    /** Every stage that does something, those of a branch where it leaves the way. */
    public List<StageNode> all() {
        return all(stages);
    }

    /** Every stage that does something of a way and its branches. */
    static List<StageNode> all(List<StageNode> way) {
        List<StageNode> all = new ArrayList<>();
        for (StageNode node : way) {
            if (node instanceof StageNode.Branch branch) {
                all.addAll(branch.all());
            } else {
                all.add(node);
            }
        }
        return all;
    }

    /** By the name of each stage but the source, the name of the stage that it has its values from. */
    public Map<String, String> previous() {
        Map<String, String> previous = new LinkedHashMap<>();
        link(stages, null, previous);
        return previous;
    }

    private static void link(List<StageNode> way, @Nullable String first, Map<String, String> previous) {
        String before = first;
        for (StageNode node : way) {
            if (node instanceof StageNode.Branch branch) {
                link(branch.stages(), before, previous);
                continue;
            }
            if (before != null) {
                previous.put(node.name(), before);
            }
            before = node instanceof StageNode.AlsoTo ? before : node.name();
        }
    }

    /**
     * By the name of each stage, what becomes of records that fail there: its own failure policy, or that of the sink
     * that ends its way, or of the way that this one leaves; or to stop.
     */
    public Map<String, FailurePolicy> policies() {
        Map<String, FailurePolicy> policies = new LinkedHashMap<>();
        decide(stages, FailurePolicy.stop(), policies);
        return policies;
    }

    private static void decide(List<StageNode> way, FailurePolicy outer, Map<String, FailurePolicy> policies) {
        FailurePolicy last = policy(way.get(way.size() - 1)).orElse(outer);
        for (StageNode node : way) {
            if (node instanceof StageNode.Branch branch) {
                decide(branch.stages(), last, policies);
            } else {
                policies.put(node.name(), policy(node).orElse(last));
            }
        }
    }

    private static Optional<FailurePolicy> policy(StageNode node) {
        return node.options().onFailure();
    }
}
