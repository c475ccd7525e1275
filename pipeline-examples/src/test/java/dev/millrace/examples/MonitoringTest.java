package dev.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Lookup;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dashboard and the alerts ask for what a Prometheus registry has of a pipeline, and for nothing else. */
@Timeout(300)
class MonitoringTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Path DASHBOARD = DOCS.resolve("monitoring/grafana-dashboard.json");
    private static final Path ALERTS = DOCS.resolve("monitoring/prometheus-alerts.yml");

    private static final Pattern NAME = Pattern.compile("\\bmillrace_\\w+");
    private static final Pattern LABELS = Pattern.compile("\\bby \\(([^)]*)\\)|\\{([^}]*)}");
    private static final Pattern EXPOSED = Pattern.compile("(?m)^(millrace_\\w+)\\{([^}]*)} ");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

    @Test
    void shouldAskForMetersAndLabelsThatThereAre() throws IOException {
        Map<String, Set<String>> labels = labelsByName();
        List<String> expressions = new ArrayList<>(dashboard().findValuesAsText("expr"));
        expressions.addAll(alerts().findValuesAsText("expr"));

        assertThat(expressions).hasSizeGreaterThan(15);
        for (String expression : expressions) {
            assertThat(namesIn(expression)).as(expression).isNotEmpty().isSubsetOf(labels.keySet());
            for (String name : namesIn(expression)) {
                assertThat(labels.get(name)).as("of %s in %s", name, expression).containsAll(labelsIn(expression));
            }
        }
    }

    private static Set<String> namesIn(String expression) {
        Set<String> names = new HashSet<>();
        Matcher name = NAME.matcher(expression);
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }

    /** Those that are asked for, and those that are left. */
    private static Set<String> labelsIn(String expression) {
        Set<String> labels = new HashSet<>();
        Matcher part = LABELS.matcher(expression);
        while (part.find()) {
            if (part.group(1) != null) {
                labels.addAll(List.of(part.group(1).split(",\\s*")));
            } else {
                labels.addAll(found(LABEL, part.group(2)));
            }
        }
        return labels;
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new HashSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** As a registry tells Prometheus of a pipeline that has a stage of each kind that has meters of its own. */
    private static Map<String, Set<String>> labelsByName() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Lookup<Integer, Integer> lookup = key -> CompletableFuture.completedFuture(Optional.of(key));
        Pipeline pipeline = Pipeline.named("numbers")
                .from(Sources.every(Duration.ofMillis(1), () -> 1))
                .enrich(context -> lookup, value -> value, (value, answer) -> value)
                .to(Sinks.discard());
        try (RunningPipeline running =
                PipelineRunner.create().listener(PipelineMetrics.to(registry)).start(pipeline)) {
            // The last of the meters of a partition, which come when the first record has.
            while (!registry.scrape().contains("millrace_partition_lag_time_seconds{")) {
                assertThat(running.failure()).isEmpty();
                LockSupport.parkNanos(1_000_000);
            }
            Map<String, Set<String>> labels = new HashMap<>();
            Matcher line = EXPOSED.matcher(registry.scrape());
            while (line.find()) {
                labels.put(line.group(1), found(LABEL, line.group(2)));
            }
            return labels;
        }
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(DASHBOARD.toFile());
    }

    private static JsonNode alerts() throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile());
    }

    @Test
    void shouldTellOfEachAlertWhatToDo() throws IOException {
        String operations = Files.readString(DOCS.resolve("operations.md"));
        JsonNode rules = alerts().at("/groups/0/rules");

        assertThat(rules.size()).isGreaterThan(5);
        for (JsonNode rule : rules) {
            String alert = rule.get("alert").asText();
            assertThat(operations).contains("| `" + alert + "` |");
            assertThat(rule.at("/labels/severity").asText()).as(alert).isIn("warning", "critical");
            assertThat(labelsIn(rule.get("expr").asText()))
                    .as(alert)
                    .containsAll(found(SHOWN, rule.at("/annotations/summary").asText()));
            URI runbook = URI.create(rule.at("/annotations/runbook").asText());
            assertThat(Markdown.of(DOCS.resolveSibling(runbook.getPath())).anchors())
                    .as(alert)
                    .contains(runbook.getFragment());
        }
    }

    @Test
    void shouldSayOfEachPanelWhatItShows() throws IOException {
        JsonNode panels = dashboard().get("panels");

        assertThat(panels.size()).isBetween(8, 12);
        assertThat(panels.findValuesAsText("id")).doesNotHaveDuplicates().hasSize(panels.size());
        for (JsonNode panel : panels) {
            String title = panel.get("title").asText();
            assertThat(panel.get("description").asText()).as(title).endsWith(".");
            for (JsonNode target : panel.get("targets")) {
                String expression = target.get("expr").asText();
                assertThat(labelsIn(expression))
                        .as(title)
                        .containsAll(found(SHOWN, target.get("legendFormat").asText()));
                assertThat(expression).as(title).contains("pipeline=~\"$pipeline\"");
            }
        }
    }
}
