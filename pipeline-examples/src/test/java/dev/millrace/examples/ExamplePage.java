package dev.millrace.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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

    private ExamplePage(Path page) {
        this.page = page;
    }

    /** A page of the documentation, by its name without ending. */
    public static ExamplePage ofDocs(String name) {
        return new ExamplePage(PAGES.resolveSibling(name + ".md"));
    }

    /** The page that the project begins with. */
    public static ExamplePage readme() {
        return new ExamplePage(Path.of("../README.md"));
    }

    /** What it shows as code of this language, block by block. */
    public List<String> blocks(String language) throws IOException {
        return Markdown.of(page).blocks(language);
    }

    /** What a class marks as to be shown, block by block. */
    public static List<String> marked(String file) throws IOException {
        return Regions.of(CODE.resolve(file));
    }

    /** As {@link #marked(String)}, of a test. */
    public static List<String> markedTest(String file) throws IOException {
        return Regions.of(TESTS.resolve(file));
    }
}
