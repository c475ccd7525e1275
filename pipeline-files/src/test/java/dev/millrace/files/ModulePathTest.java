package dev.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's module on the module path: what it must open, and what it is told if it does not. */
class ModulePathTest {

    private static final List<String> MODULES =
            List.of("pipeline-api", "pipeline-json", "pipeline-files", "commons-", "jackson-", "itu-", "jspecify");

    private static final String PROGRAM = """
            package user;

            import dev.millrace.files.Csv;
            import dev.millrace.pipeline.Pipeline;
            import dev.millrace.pipeline.Sinks;
            import dev.millrace.pipeline.runtime.PipelineRunner;
            import java.util.ArrayList;
            import java.util.List;
            import java.util.concurrent.Callable;

            public class Program implements Callable<List<String>> {
                record Hidden(String name, int people) {}

                @Override
                public List<String> call() throws Exception {
                    List<String> rows = new ArrayList<>();
                    var pipeline = Pipeline.named("user").from(Csv.SOURCE).map(Record::toString).to(Sinks.into(rows));
                    try (var running = PipelineRunner.create().start(pipeline)) {
                        running.awaitTermination();
                    }
                    return rows;
                }
            }
            """;

    private static final String VISIBLE = "package user; public record Visible(String name, int people) {}";

    @TempDir
    Path directory;

    @Test
    void shouldMapToAHiddenRecordWhenItsPackageIsOpen() throws Exception {
        assertThat(rows("opens user to dev.millrace.files;", "resource(Program.class, \"x.csv\", Hidden.class)"))
                .containsExactly("Hidden[name=Oslo, people=1]");
    }

    @Test
    void shouldMapToAPublicRecordWhenItsPackageIsExported() throws Exception {
        assertThat(rows(
                        "exports user;",
                        "stream(\"x.csv\", () -> Program.class.getResourceAsStream(\"x.csv\"), Visible.class)"))
                .containsExactly("Visible[name=Oslo, people=1]");
    }

    @Test
    void shouldSayWhatToOpenWhenTheRecordIsNotAccessible() {
        assertThatThrownBy(() -> rows("exports user;", "resource(Program.class, \"x.csv\", Hidden.class)"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("user.Program$Hidden must be open to dev.millrace.files:"
                        + " add 'opens user to dev.millrace.files;' to module user.program");
    }

    @Test
    void shouldSayWhatToOpenWhenTheResourceIsNotAccessible() {
        assertThatThrownBy(() -> rows("exports user;", "resource(Program.class, \"x.csv\", Visible.class)"))
                .rootCause()
                .hasMessage("x.csv: there is no such resource beside user.Program,"
                        + " or module user.program does not open package user to dev.millrace.files");
    }

    /** The rows that a source reads which is made by that expression, in a module of that declaration. */
    private List<String> rows(String declaration, String expression) throws Exception {
        Path[] libraries = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> MODULES.stream().anyMatch(path::contains) && !path.endsWith("test-classes"))
                .map(Path::of)
                .toArray(Path[]::new);
        Path classes = compile(declaration, expression, libraries);
        ModuleLayer boot = ModuleLayer.boot();
        Configuration modules = boot.configuration()
                .resolve(ModuleFinder.of(libraries), ModuleFinder.of(classes), Set.of("user.program"));
        ModuleLayer layer = boot.defineModulesWithOneLoader(modules, ClassLoader.getPlatformClassLoader());
        Callable<?> program =
                ServiceLoader.load(layer, Callable.class).findFirst().orElseThrow();
        return ((List<?>) program.call()).stream().map(String::valueOf).toList();
    }

    private Path compile(String declaration, String expression, Path[] libraries) throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src/user"));
        Path classes =
                Files.createDirectories(directory.resolve("classes/user")).getParent();
        Files.writeString(classes.resolve("user/x.csv"), "name,people\nOslo,1\n");
        Path module = Files.writeString(
                sources.resolve("module-info.java"),
                "module user.program { requires dev.millrace.files; provides java.util.concurrent.Callable with"
                        + " user.Program; " + declaration + " }");
        Path program = Files.writeString(sources.resolve("Program.java"), PROGRAM.replace("SOURCE", expression));
        Path visible = Files.writeString(sources.resolve("Visible.java"), VISIBLE);
        String path = Arrays.stream(libraries).map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-d",
                        classes.toString(),
                        "--module-path",
                        path,
                        module.toString(),
                        program.toString(),
                        visible.toString());
        assertThat(result).isZero();
        return classes;
    }
}
