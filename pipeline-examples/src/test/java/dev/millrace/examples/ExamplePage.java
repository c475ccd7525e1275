package dev.millrace.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page that shows code of an example, such as one under {@code docs/examples}, and that code. */
public final class ExamplePage {

    private static final Path PAGES = Path.of("../docs/examples");
    private static final Path CODE = Path.of("src/main/java/dev/millrace/examples");
    private static final Path TESTS = Path.of("src/test/java/dev/millrace/examples");

    private final Path page;

    /** By its name without ending. */
    public ExamplePage(String name) {
        this(PAGES.resolve(name + ".md"));
    }

    /** A page of the documentation, by its name without ending. */
    public static ExamplePage ofDocs(String name) {
        return new ExamplePage(PAGES.resolveSibling(name + ".md"));
    }

    private ExamplePage(Path page) {
        this.page = page;
    }

    /** The page that the project begins with. */
    public static ExamplePage readme() {
        return new ExamplePage(Path.of("../README.md"));
    }

    /** What it shows as code of this language, block by block. */
    public List<String> blocks(String language) throws IOException {
        return between(page, "```" + language, "```");
    }

    /** What a class marks as to be shown, block by block. */
    public static List<String> marked(String file) throws IOException {
        return marked(CODE.resolve(file));
    }

    /** As {@link #marked(String)}, of a test. */
    public static List<String> markedTest(String file) throws IOException {
        return marked(TESTS.resolve(file));
    }

    private static List<String> marked(Path file) throws IOException {
        return between(file, "// docs:begin", "// docs:end").stream()
                .map(block -> block.stripTrailing().stripIndent() + "\n")
                .toList();
    }

    private static List<String> between(Path file, String begin, String end) throws IOException {
        List<String> blocks = new ArrayList<>();
        @Nullable StringBuilder block = null;
        for (String line : Files.readAllLines(file)) {
            if (line.strip().equals(begin)) {
                block = new StringBuilder();
            } else if (block != null && line.strip().equals(end)) {
                blocks.add(block.toString());
                block = null;
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }
}
