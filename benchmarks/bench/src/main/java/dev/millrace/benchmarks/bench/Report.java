package dev.millrace.benchmarks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of results, in Markdown, and its plots. */
final class Report {

    /** Where plots lie, beside the page. */
    private static final String PLOTS = "performance/";

    private final Collection<Section> sections;
    private final ContenderJvm jvm;

    Report(Collection<Section> sections, ContenderJvm jvm) {
        this.sections = sections;
        this.jvm = jvm;
    }

    /** The page, with how it was made. */
    String page(String command) throws IOException {
        StringBuilder page = new StringBuilder(String.format(Locale.ROOT, """
                # Performance

                Made by `%s` on %s. Absolute figures hold for that machine at that hour; what can be compared are the ratios,
                each of two runs of the same round.
                """, command, Machine.describe()));
        for (Section section : sections) {
            page.append('\n').append(section.text().replaceAll("\\]\\(([\\w-]+\\.svg)\\)", "](" + PLOTS + "$1)"));
        }
        page.append("\n## Versions\n\n");
        for (String line : versions()) {
            page.append("- ").append(line).append('\n');
        }
        return page.toString();
    }

    /** Writes the page to a file, and the plots into a directory beside it. */
    void write(Path file, String command) throws IOException {
        Files.writeString(file, page(command));
        Path directory = file.toAbsolutePath().resolveSibling(PLOTS);
        for (Section section : sections) {
            for (Map.Entry<String, List<Plot>> plot : section.plots().entrySet()) {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve(plot.getKey()), Svg.of(plot.getValue()));
            }
        }
    }

    private List<String> versions() throws IOException {
        Map<String, String> versions = new LinkedHashMap<>();
        List<Program> programs = new ArrayList<>(sections.stream()
                .flatMap(section -> section.programs().stream())
                .toList());
        programs.sort(Comparator.comparing(Program::module));
        for (Program program : programs) {
            versions.put(program.module(), String.join(", ", Machine.versions(jvm.classPath(program))));
        }
        return versions.entrySet().stream()
                .filter(module -> !module.getValue().isEmpty())
                .map(module -> module.getKey() + ": " + module.getValue())
                .toList();
    }
}
