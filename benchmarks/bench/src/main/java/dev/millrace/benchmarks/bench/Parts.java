package dev.millrace.benchmarks.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a record costs in parts of the library, as JMH measures it. */
final class Parts {

    private static final Program JMH = new Program("jmh", "org.openjdk.jmh.Main");
    private static final String BYTES = "gc.alloc.rate.norm";
    private static final String SUFFIX = "Benchmark";

    private final ContenderJvm jvm;
    private final Size size;

    Parts(ContenderJvm jvm, Size size) {
        this.jvm = jvm;
        this.size = size;
    }

    Section measure() throws IOException, InterruptedException {
        Path file = Files.createTempFile("bench-parts", ".json");
        Path log = Files.createTempFile("bench-parts", ".log");
        List<String> command = new ArrayList<>(
                List.of(Jdk.current().java().toString(), "-cp", jvm.classPath(JMH), JMH.main(), "-foe", "true"));
        command.addAll(List.of("-prof", "gc", "-rf", "json", "-rff", file.toString()));
        command.addAll(
                size.isTry()
                        ? List.of("-f", "1", "-wi", "1", "-w", "100ms", "-i", "2", "-r", "100ms")
                        : List.of("-f", "3", "-wi", "5", "-w", "1s", "-i", "5", "-r", "1s"));
        System.out.println("Measuring parts, see " + log);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            BenchException.require(process.waitFor() == 0, "JMH has failed; see " + log);
        } finally {
            process.destroyForcibly();
        }
        JsonNode results = new JsonMapper().readTree(file.toFile());
        Files.delete(file);
        Files.delete(log);
        return new Section(Chapter.PARTS, text(results), Map.of(), Set.of(JMH));
    }

    private static String text(JsonNode results) {
        StringBuilder text = new StringBuilder("""
                What a record costs in the parts that it goes through, in one thread, measured by JMH: the mean of three JVMs (± the
                half-width of its 99.9 % confidence interval), and bytes allocated. *Chain*: map, filter, map, look up, sum; *engine*
                is the same from the poll of the source to the frontier, *chain* without what surrounds the stages; *megamorphic* means
                that the JVM has run many other functions in the same places before. *Metrics*: the engine once more, without
                meters and with them, all read once a second. *Ledger*: a record is entered and
                acknowledged. *BatchBuffer*: a record waits for its batch. *Json*: a rating is read, its row of ten columns is
                written. *RowBinding*: the statement of that row is made.

                | | | ns | bytes |
                |---|---|--:|--:|
                """);
        for (JsonNode result : results) {
            String name = result.get("benchmark").asText();
            String[] names = name.split("\\.", -1);
            String type = names[names.length - 2];
            List<String> params = new ArrayList<>();
            result.path("params")
                    .properties()
                    .forEach(param ->
                            params.add(param.getKey() + " " + param.getValue().asText()));
            JsonNode metric = result.get("primaryMetric");
            text.append(String.format(
                    Locale.ROOT,
                    "| %s: %s | %s | %,.1f ± %,.1f | %,.0f |%n",
                    type.substring(0, type.length() - SUFFIX.length()),
                    names[names.length - 1],
                    String.join(", ", params),
                    metric.get("score").asDouble(),
                    metric.get("scoreError").asDouble(),
                    result.get("secondaryMetrics").get(BYTES).get("score").asDouble()));
        }
        return text.toString();
    }
}
