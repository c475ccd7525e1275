package dev.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of all pages: no link leads nowhere, and the code that is shown is code that runs. */
class PagesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CONSUMERS = ROOT.resolve("consumers");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>.*?</dependency>");

    @Test
    void shouldLeadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            for (String link : Markdown.of(page).links()) {
                links++;
                if (!leadsSomewhere(page, URI.create(link))) {
                    dead.add(ROOT.relativize(page) + ": " + link);
                }
            }
        }
        assertThat(dead).isEmpty();
        assertThat(links).isGreaterThan(20);
    }

    /** The web is not asked: whether a page is there today says nothing of this build. */
    private static boolean leadsSomewhere(Path page, URI link) throws IOException {
        if (link.isAbsolute()) {
            return "https".equals(link.getScheme());
        }
        Path target = link.getPath().isEmpty() ? page : page.resolveSibling(link.getPath());
        return Files.exists(target)
                && (link.getFragment() == null || Markdown.of(target).anchors().contains(link.getFragment()));
    }

    @Test
    void shouldShowCodeThatRuns() throws IOException {
        List<String> regions = new ArrayList<>();
        for (Path code : List.of(Path.of("src"), ROOT.resolve("extensions"))) {
            for (Path file : files(code, ".java")) {
                regions.addAll(Regions.of(file));
            }
        }
        regions.addAll(filesShownWhole());
        List<String> shown = new ArrayList<>();
        for (Path page : pages()) {
            shown.addAll(Markdown.of(page).blocks("java"));
        }
        assertThat(without(regions, shown))
                .as("shown, but not marked in a class")
                .isEmpty();
        assertThat(without(shown, regions)).as("marked, but not shown").isEmpty();
    }

    /** Of the projects that the build runs against what is published: what a page has a reader copy. */
    private static List<String> filesShownWhole() throws IOException {
        List<Path> whole = new ArrayList<>(files(CONSUMERS.resolve("first-source/src"), ".java"));
        whole.addAll(files(CONSUMERS.resolve("modules/src"), "module-info.java"));
        List<String> texts = new ArrayList<>();
        for (Path file : whole) {
            texts.add(Files.readString(file));
        }
        return texts;
    }

    @Test
    void shouldShowTheProjectThatABuildHasRun() throws IOException {
        Path project = CONSUMERS.resolve("first-source");
        Markdown page = Markdown.of(ROOT.resolve("docs/getting-started.md"));

        assertThat(page.blocks("xml")).contains(Files.readString(project.resolve("pom.xml")));
        assertThat(page.blocks("text")).contains(Files.readString(project.resolve("expected.txt")));
    }

    @Test
    void shouldBeginWithDependenciesThatABuildHasResolved() throws IOException {
        String project = withoutBlanks(Files.readString(CONSUMERS.resolve("first-source/pom.xml")));
        for (String page : List.of("README.md", "docs/getting-started.md")) {
            String first = Markdown.of(ROOT.resolve(page)).blocks("xml").get(0);
            List<String> dependencies = DEPENDENCY
                    .matcher(withoutBlanks(first))
                    .results()
                    .map(MatchResult::group)
                    .toList();
            assertThat(dependencies).as(page).hasSize(2).allMatch(project::contains);
        }
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static List<String> without(List<String> those, List<String> of) {
        return of.stream().filter(each -> !those.contains(each)).toList();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        for (String page : List.of("README", "CONTRIBUTING", "CHANGELOG", "SECURITY", "pipeline-examples/README")) {
            pages.add(ROOT.resolve(page + ".md"));
        }
        return pages;
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
