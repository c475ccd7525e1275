package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import dev.millrace.benchmarks.workload.Stopwatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A contender's JVM, which tells by lines what it has come to. */
final class ContenderRun implements AutoCloseable {

    private static final long ENDS_WITHIN_SECONDS = 60;

    private final Program program;
    private final Process process;
    private final Path log;
    private final BufferedReader lines;

    private ContenderRun(Program program, Process process, Path log) {
        this.program = program;
        this.process = process;
        this.log = log;
        this.lines = process.inputReader();
    }

    static ContenderRun start(Program program, List<String> command) throws IOException {
        Path log = Files.createTempFile("bench-" + program.module(), ".log");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        return new ContenderRun(program, process, log);
    }

    /** Waits for its first record. */
    void awaitBegun() throws IOException {
        line(Stopwatch.BEGUN::equals);
    }

    /** Waits for its end. */
    Figures figures() throws IOException, InterruptedException {
        Figures figures = Figures.of(line(Figures::areIn));
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw failed();
        }
        Files.delete(log);
        return figures;
    }

    private String line(Predicate<String> awaited) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (awaited.test(line)) {
                return line;
            }
        }
        throw failed();
    }

    private BenchException failed() {
        return new BenchException(program + " has failed; see " + log);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        lines.close();
    }
}
