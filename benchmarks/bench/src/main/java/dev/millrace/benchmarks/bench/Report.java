package dev.millrace.benchmarks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page of results, in Markdown, and its plots. What a former run has measured stays, unless it was measured again.
 */
final class Report {

    /** Where plots lie, beside the page. */
    private static final String PLOTS = "performance/";

    private static final Pattern HEADING = Pattern.compile("^## ", Pattern.MULTILINE);

    private static final String INTRODUCTION = """
            # Performance

            Made by `benchmarks/run --output docs/performance.md`, each part by the run that stands below it. Absolute figures hold
            for that machine at that hour; what can be compared are the ratios, each of two runs of the same round.

            **The job**: ratings of 101 bytes of JSON from a topic of 4 partitions, bound to a record by Jackson, their
            timestamps read, joined with 8,790 films in memory, to a sink; at least once, with contiguous commits. All is
            checked before a run counts: every partition committed to its end, every row there. Kafka, Cassandra and the
            contender share the processors, each in a JVM of its own; the contender's has 2 GB of heap and G1. The first
            two runs to each sink, which warm the servers up, do not count.

            *records/s* is the median of all rounds (least..most), from the first record done to the last; *per CPU second*
            counts the whole process, its start and its compilers included; *start* is from the start of the JVM to the
            first record done; *compilers* is their share of the process's CPU time; *heap* and *resident* are peaks.
            """;

    private final Collection<Section> sections;
    private final ContenderJvm jvm;

    Report(Collection<Section> sections, ContenderJvm jvm) {
        this.sections = sections;
        this.jvm = jvm;
    }

    /** The page that takes the place of the former one, each part with how it was made. */
    String page(String former, String command) throws IOException {
        Map<Chapter, String> parts = parts(former);
        for (Section section : sections) {
            String text = section.text().replaceAll("\\]\\(([\\w-]+\\.svg)\\)", "](" + PLOTS + "$1)");
            parts.put(section.chapter(), text.strip() + "\n\n" + origin(section, command));
        }
        StringBuilder page = new StringBuilder(INTRODUCTION);
        parts.forEach((chapter, text) -> page.append("\n## ")
                .append(chapter.heading)
                .append("\n\n")
                .append(text)
                .append('\n'));
        return page.toString();
    }

    private static Map<Chapter, String> parts(String page) {
        Map<Chapter, String> parts = new EnumMap<>(Chapter.class);
        HEADING.splitAsStream(page).skip(1).forEach(part -> {
            String heading = part.lines().findFirst().orElse("");
            Chapter.of(heading)
                    .ifPresent(chapter ->
                            parts.put(chapter, part.substring(heading.length()).strip()));
        });
        return parts;
    }

    private String origin(Section section, String command) throws IOException {
        return "By `" + command + "` on " + LocalDate.now(ZoneOffset.UTC) + ", " + Machine.describe()
                + versions(section) + ".";
    }

    /** Writes the page to a file, and the plots into a directory beside it. */
    void write(Path file, String command) throws IOException {
        Files.writeString(file, page(Files.exists(file) ? Files.readString(file) : "", command));
        Path directory = file.toAbsolutePath().resolveSibling(PLOTS);
        for (Section section : sections) {
            for (Map.Entry<String, List<Plot>> plot : section.plots().entrySet()) {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve(plot.getKey()), Svg.of(plot.getValue()));
            }
        }
    }

    private String versions(Section section) throws IOException {
        List<Program> programs = new ArrayList<>(section.programs());
        programs.sort(Comparator.comparing(Program::module));
        Map<String, String> versions = new LinkedHashMap<>();
        for (Program program : programs) {
            versions.put(program.module(), String.join(", ", Machine.versions(jvm.classPath(program))));
        }
        return versions.entrySet().stream()
                .filter(module -> !module.getValue().isEmpty())
                .map(module -> "; " + module.getKey() + ": " + module.getValue())
                .collect(Collectors.joining());
    }
}
