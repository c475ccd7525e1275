package dev.millrace.pipeline;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Draws a graph, as text and as a Mermaid flow chart. */
final class Diagram {

    private Diagram() {}

    static String text(PipelineGraph graph) {
        StringBuilder text = new StringBuilder(graph.name()).append('\n');
        append(graph.stages(), "  ", text);
        return text.toString();
    }

    private static void append(List<StageNode> way, String indent, StringBuilder text) {
        int width = way.stream()
                .filter(node -> !(node instanceof StageNode.Branch))
                .mapToInt(node -> node.name().length())
                .max()
                .orElse(0);
        for (StageNode node : way) {
            if (node instanceof StageNode.Branch branch) {
                text.append(indent).append(branch.verb()).append('\n');
                append(branch.stages(), indent + "  ", text);
                continue;
            }
            StringBuilder line = new StringBuilder(padded(node.name(), width));
            line.append(node.name().equals(node.verb()) ? "" : "  " + node.verb());
            line.append(node.detail().isEmpty() ? "" : "  " + node.detail());
            text.append(indent).append(line.toString().stripTrailing());
            node.options()
                    .onFailure()
                    .ifPresent(policy -> text.append("  [on failure: ")
                            .append(policyText(policy))
                            .append(']'));
            text.append('\n');
        }
    }

    static String mermaid(PipelineGraph graph) {
        StringBuilder chart = new StringBuilder("flowchart LR\n");
        Map<String, String> previous = graph.previous();
        Map<String, String> ids = new HashMap<>();
        for (StageNode node : graph.all()) {
            String id = "s" + ids.size();
            boolean end = ids.isEmpty() || node instanceof StageNode.To || node instanceof StageNode.AlsoTo;
            ids.put(node.name(), id);
            chart.append("  ").append(id).append(end ? "[(\"" : "[\"");
            chart.append(escaped(node.name()));
            if (!node.detail().isEmpty()) {
                chart.append("<br/>").append(escaped(node.detail()));
            }
            chart.append(end ? "\")]\n" : "\"]\n");
            String from = ids.get(previous.get(node.name()));
            if (from != null) {
                chart.append("  ").append(from).append(" --> ").append(id).append('\n');
            }
            if (node.options().onFailure().orElse(null) instanceof FailurePolicy.ToDeadLetters letters) {
                chart.append("  ")
                        .append(id)
                        .append(" -. failed .-> ")
                        .append(id)
                        .append("d[(\"");
                chart.append(escaped(letters.store().describe())).append("\")]\n");
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
