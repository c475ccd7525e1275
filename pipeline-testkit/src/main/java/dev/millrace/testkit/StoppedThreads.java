package dev.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a process that has been sent SIGSTOP. Whoever has sent it goes on at once, while the signal takes a
 * moment to reach all threads, which may answer a request or more meanwhile.
 */
final class StoppedThreads {
    private static final Path PROCESSES = Path.of("/proc");
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Stopped, traced, or at its end. */
    private static final String STILL = "TtZXx";

    private StoppedThreads() {}

    /** Returns once none of them runs; at once where the system does not tell what its threads do. */
    static void await(long pid) {
        Path threads = PROCESSES.resolve(Long.toString(pid)).resolve("task");
        if (!Files.isDirectory(threads)) {
            return;
        }
        long start = System.nanoTime();
        while (!areStill(threads)) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("threads of the server's process " + pid + " go on after SIGSTOP");
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private static boolean areStill(Path threads) {
        String[] ids = threads.toFile().list();
        return ids == null || Arrays.stream(ids).map(threads::resolve).allMatch(StoppedThreads::isStill);
    }

    /** By the letter behind the thread's name, which stands in brackets and may hold some itself. */
    private static boolean isStill(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return STILL.indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException e) {
            if (Files.exists(thread)) {
                throw new UncheckedIOException(e);
            }
            return true;
        }
    }
}
