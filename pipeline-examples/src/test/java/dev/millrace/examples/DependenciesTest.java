package dev.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever reaches the class path of a user has been looked at by somebody, in this version and under this licence. */
class DependenciesTest {

    private static final String PAGE = "docs/dependencies.md";
    private static final String MODULE_PREFIX = "pipeline-";

    @Test
    void shouldHaveReviewedWhateverReachesUsers() throws IOException {
        List<String> reviewed = reviewed();
        List<String> found = found();

        assertThat(without(reviewed, found))
                .as(
                        "what reaches users of the modules in the last column, and is not in %s: review it, and add the row with"
                                + " the reason, or keep it out by the module's pom.xml; CONTRIBUTING.md tells how",
                        PAGE)
                .isEmpty();
        assertThat(without(found, reviewed))
                .as("rows of %s of which nothing reaches users any more, or of other modules: remove them", PAGE)
                .isEmpty();
        assertThat(reviewed).doesNotHaveDuplicates();
    }

    @Test
    void shouldSayWhyItIsThere() throws IOException {
        assertThat(rows()).hasSizeGreaterThan(20).allSatisfy(row -> {
            assertThat(row).hasSize(5);
            assertThat(row.get(4)).isNotEmpty();
        });
    }

    /** Rows as the page has them, less the reason. */
    private static List<String> reviewed() throws IOException {
        return rows().stream().map(row -> row(row.subList(0, 4))).toList();
    }

    private static List<List<String>> rows() throws IOException {
        return Files.readAllLines(PublishedModules.ROOT.resolve(PAGE)).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> List.of(line.replaceAll("^\\| | \\|$|`", "").split(" \\| ", -1)))
                .toList();
    }

    /** Rows as they should be. */
    private static List<String> found() throws IOException {
        Map<List<String>, Set<String>> modules = new TreeMap<>(DependenciesTest::compare);
        for (Map.Entry<String, Path> module : PublishedModules.directories().entrySet()) {
            BillOfMaterials bill = BillOfMaterials.of(module.getValue());
            for (BillOfMaterials.Artifact artifact : bill.reachingUsers()) {
                modules.computeIfAbsent(
                                List.of(artifact.name(), artifact.version(), artifact.licence()),
                                any -> new TreeSet<>())
                        .add(module.getKey().substring(MODULE_PREFIX.length()));
            }
        }
        List<String> rows = new ArrayList<>();
        modules.forEach((artifact, names) -> {
            List<String> cells = new ArrayList<>(artifact);
            cells.add(String.join(", ", names));
            rows.add(row(cells));
        });
        return rows;
    }

    private static int compare(List<String> one, List<String> other) {
        return row(one).compareTo(row(other));
    }

    private static String row(List<String> cells) {
        return String.join(" | ", cells);
    }

    private static List<String> without(List<String> those, List<String> of) {
        return of.stream().filter(each -> !those.contains(each)).toList();
    }
}
