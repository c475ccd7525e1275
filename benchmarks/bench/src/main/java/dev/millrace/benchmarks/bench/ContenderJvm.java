package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Task;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a contender in a JVM of its own, the same for all but for the class path. */
final class ContenderJvm {

    private static final List<String> OPTIONS =
            List.of("-Xmx2g", "-XX:+UseG1GC", "-XX:-UseDynamicNumberOfCompilerThreads");
    private static final long ENDS_WITHIN_SECONDS = 60;

    private final Path benchmarks;
    private final List<String> options;
    private final Path java;

    /** With the directory of the benchmarks, which are built. */
    ContenderJvm(Path benchmarks, List<String> options) {
        this.benchmarks = benchmarks;
        this.options = options;
        this.java = Path.of(System.getProperty("java.home"), "bin", "java");
    }

    Figures run(Contender contender, Task task) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(task.options());
        command.add("-cp");
        command.add(classPath(contender));
        command.add(contender.main());
        Path log = Files.createTempFile("bench-" + contender.module(), ".log");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        try (BufferedReader lines = process.inputReader()) {
            Optional<String> line = lines.lines().filter(Figures::areIn).findFirst();
            if (line.isEmpty() || !process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new BenchException(contender + " has failed; see " + log);
            }
            Files.delete(log);
            return Figures.of(line.get());
        } finally {
            process.destroyForcibly();
        }
    }

    String classPath(Contender contender) throws IOException {
        Path target = benchmarks.resolve(contender.module()).resolve("target");
        return target.resolve("classes")
                + File.pathSeparator
                + Files.readString(target.resolve("classpath")).strip();
    }
}
