package dev.millrace.pipeline;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.List;

/** Draws a graph, as text and as a Mermaid flow chart. */
final class Diagram {

    private Diagram() {}

    static String text(PipelineGraph graph) {
        int width = graph.stages().stream()
                .mapToInt(node -> node.name().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder(graph.name()).append('\n');
        for (StageNode node : graph.stages()) {
            StringBuilder line = new StringBuilder(padded(node.name(), width));
            line.append(node.name().equals(node.verb()) ? "" : "  " + node.verb());
            line.append(node.detail().isEmpty() ? "" : "  " + node.detail());
            text.append("  ").append(line.toString().stripTrailing());
            node.options()
                    .onFailure()
                    .ifPresent(policy -> text.append("  [on failure: ")
                            .append(policyText(policy))
                            .append(']'));
            text.append('\n');
        }
        return text.toString();
    }

    static String mermaid(PipelineGraph graph) {
        StringBuilder chart = new StringBuilder("flowchart LR\n");
        List<StageNode> stages = graph.stages();
        String previous = "";
        for (int i = 0; i < stages.size(); i++) {
            StageNode node = stages.get(i);
            String id = "s" + i;
            boolean end = i == 0 || node instanceof StageNode.To || node instanceof StageNode.AlsoTo;
            chart.append("  ").append(id).append(end ? "[(\"" : "[\"");
            chart.append(escaped(node.name()));
            if (!node.detail().isEmpty()) {
                chart.append("<br/>").append(escaped(node.detail()));
            }
            chart.append(end ? "\")]\n" : "\"]\n");
            if (i > 0) {
                chart.append("  ").append(previous).append(" --> ").append(id).append('\n');
            }
            if (node.options().onFailure().orElse(null) instanceof FailurePolicy.ToDeadLetters letters) {
                chart.append("  ")
                        .append(id)
                        .append(" -. failed .-> ")
                        .append(id)
                        .append("d[(\"");
                chart.append(escaped(letters.store().describe())).append("\")]\n");
            }
            if (!(node instanceof StageNode.AlsoTo)) {
                previous = id;
            }
        }
        return chart.toString();
    }

    private static String padded(String name, int width) {
        return name + " ".repeat(width - name.length());
    }

    private static String policyText(FailurePolicy policy) {
        if (policy instanceof FailurePolicy.ToDeadLetters letters) {
            return "dead letter to " + letters.store().describe();
        }
        return policy instanceof FailurePolicy.Skip ? "skip" : "stop";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("\"", "&quot;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
