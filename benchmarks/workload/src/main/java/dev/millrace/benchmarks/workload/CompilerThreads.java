package dev.millrace.benchmarks.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The threads of this JVM's compilers, as Linux tells of them: the JVM itself tells how long they were at it, which is
 * more wherever they had to wait for a processor. What threads have done that are no more is lost, so the JVM must keep
 * them ({@code -XX:-UseDynamicNumberOfCompilerThreads}).
 */
final class CompilerThreads {

    private static final Path THREADS = Path.of("/proc/self/task");
    /** Of a line of {@code stat}, counted from the field after the name. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    /** As Linux has it on all machines that one meets. */
    private static final double TICKS_PER_SECOND = 100;

    private CompilerThreads() {}

    static double cpuSeconds() {
        if (!Files.isDirectory(THREADS)) {
            return 0;
        }
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.mapToLong(CompilerThreads::ticks).sum() / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0;
        }
    }

    private static long ticks(Path thread) {
        String stat;
        try {
            stat = Files.readString(thread.resolve("stat"));
        } catch (IOException hasEnded) {
            return 0;
        }
        int end = stat.lastIndexOf(')');
        String name = stat.substring(stat.indexOf('(') + 1, end);
        if (!name.startsWith("C1 Compiler") && !name.startsWith("C2 Compiler")) {
            return 0;
        }
        String[] fields = stat.substring(end + 2).split(" ", -1);
        return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    }
}
