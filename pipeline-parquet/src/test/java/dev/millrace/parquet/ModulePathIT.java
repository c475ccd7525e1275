package dev.millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's module on the module path, with the jars of Parquet on the class path. */
class ModulePathIT {

    private static final List<String> LIBRARIES =
            List.of("jspecify-", "commons-csv-", "commons-io-", "commons-codec-", "jackson-", "itu-");

    private static final Predicate<String> IS_MODULE = entry -> {
        String name = String.valueOf(Path.of(entry).getFileName());
        return entry.contains("pipeline-") || LIBRARIES.stream().anyMatch(name::startsWith);
    };

    private static final String PROGRAM = """
            package user;

            import dev.millrace.parquet.Compression;
            import dev.millrace.parquet.Parquet;
            import dev.millrace.pipeline.Pipeline;
            import dev.millrace.pipeline.Sinks;
            import dev.millrace.pipeline.Sources;
            import dev.millrace.pipeline.runtime.PipelineRunner;
            import java.nio.file.Path;
            import java.util.List;

            public class Program {
                public record City(String name, int people) {}

                public static void main(String[] arguments) throws Exception {
                    Compression none = Compression.NONE;
                    Path file = Path.of(arguments[0]);
                    run(Pipeline.named("write").from(Sources.of(List.of(List.of(new City("Roma", 7)))))
                            .to(Parquet.replacing(file, City.class).compression(none)));
                    run(Pipeline.named("read").from(Parquet.source(file, City.class))
                            .to(Sinks.forEach(System.out::println)));
                }

                private static void run(Pipeline pipeline) throws Exception {
                    try (var running = PipelineRunner.create().start(pipeline)) {
                        running.awaitTermination();
                    }
                }
            }
            """;

    @TempDir
    Path directory;

    @Test
    void shouldWriteAndReadWhenThePackageOfTheRecordIsOpen() throws Exception {
        assertThat(output("opens user;")).contains("City[name=Roma, people=7]");
    }

    @Test
    void shouldSayWhatToOpenWhenItIsNot() throws Exception {
        assertThat(output(""))
                .contains("user.Program$City must be public, and module user must export or open its package user");
    }

    private String output(String directive) throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src/user"));
        Path classes = directory.resolve("classes");
        Path info = Files.writeString(
                directory.resolve("src/module-info.java"),
                "module user { requires dev.millrace.parquet; " + directive + " }");
        Path program = Files.writeString(sources.resolve("Program.java"), PROGRAM);
        String modules = path(IS_MODULE);
        int compiled = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-p",
                        modules,
                        "-d",
                        classes.toString(),
                        info.toString(),
                        program.toString());
        assertThat(compiled).isZero();

        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-p",
                        modules + File.pathSeparator + classes,
                        "-cp",
                        path(IS_MODULE.negate()),
                        "-m",
                        "user/user.Program",
                        directory.resolve("cities.parquet").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    private static String path(Predicate<String> filter) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .filter(filter)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
