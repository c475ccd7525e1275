package dev.millrace.pipeline.graph;

import java.util.List;
import java.util.Objects;

/**
 * A pipeline as data: its stages in order, from the source to the sink that ends it.
 *
 * @param name name of the pipeline
 * @param stages at least a {@link StageNode.From} and a {@link StageNode.To}
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
}
