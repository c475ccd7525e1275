package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Figures;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Runs a contender in a JVM of its own, the same for all but for the class path. */
final class ContenderJvm {

    private static final String HEAP = "2g";
    private static final List<String> OPTIONS = List.of("-XX:+UseG1GC", "-XX:-UseDynamicNumberOfCompilerThreads");

    private final Path benchmarks;
    private final List<String> options;
    private final String heap;
    private final Jdk jdk;

    /** With the directory of the benchmarks, which are built. */
    ContenderJvm(Path benchmarks, List<String> options) {
        this(benchmarks, options, HEAP, Jdk.current());
    }

    private ContenderJvm(Path benchmarks, List<String> options, String heap, Jdk jdk) {
        this.benchmarks = benchmarks;
        this.options = options;
        this.heap = heap;
        this.jdk = jdk;
    }

    ContenderJvm withHeap(String other) {
        return new ContenderJvm(benchmarks, options, other, jdk);
    }

    ContenderJvm with(String option) {
        List<String> more = new ArrayList<>(options);
        more.add(option);
        return new ContenderJvm(benchmarks, more, heap, jdk);
    }

    ContenderJvm on(Jdk other) {
        return new ContenderJvm(benchmarks, options, heap, other);
    }

    /** Runs it to its end. */
    Figures run(Program program, List<String> task) throws IOException, InterruptedException {
        try (ContenderRun run = start(program, task)) {
            return run.figures();
        }
    }

    /** Starts it. */
    ContenderRun start(Program program, List<String> task) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().toString());
        command.add("-Xmx" + heap);
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(task);
        command.add("-cp");
        command.add(classPath(program));
        command.add(program.main());
        return ContenderRun.start(program, command);
    }

    String classPath(Program program) throws IOException {
        Path target = benchmarks.resolve(program.module()).resolve("target");
        return jar(target)
                + File.pathSeparator
                + Files.readString(target.resolve("classpath")).strip();
    }

    /** An archive of classes takes none from a directory. */
    private static Path jar(Path target) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "benchmark-*.jar")) {
            Iterator<Path> found = jars.iterator();
            Path jar = found.next();
            BenchException.require(!found.hasNext(), "more than one jar in " + target);
            return jar;
        }
    }
}
