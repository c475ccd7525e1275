package dev.millrace.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of a process, as libfaketime has it: it jumps while the process runs. What measures durations,
 * {@code System.nanoTime} and the waiting of threads, goes on as before, as it does when somebody sets a machine's
 * clock.
 */
final class FakeClock {

    private static final List<Path> ROOTS =
            List.of(Path.of("/usr/lib"), Path.of("/usr/local/lib"), Path.of("/usr/lib64"));
    private static final Path LIBRARY = Path.of("faketime", "libfaketimeMT.so.1");

    private final Path file;

    FakeClock(Path file) throws IOException {
        this.file = file;
        jumpTo("+0");
    }

    /** Where the library is; the system property {@code millrace.faketime} names another place. */
    static Optional<Path> library() throws IOException {
        String named = System.getProperty("millrace.faketime");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        for (Path root : ROOTS) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> directories = Files.list(root)) {
                    Optional<Path> found = Stream.concat(Stream.of(root), directories)
                            .map(directory -> directory.resolve(LIBRARY))
                            .filter(Files::exists)
                            .findFirst();
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Of a process whose clock is in the file. */
    static Map<String, String> environment(Path file) throws IOException {
        return Map.of(
                "LD_PRELOAD",
                library().orElseThrow().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1");
    }

    /** How far it is from the true time, such as {@code -1h}. */
    void jumpTo(String offset) throws IOException {
        // In one step, for the process reads it each second.
        Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), offset + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    Path file() {
        return file;
    }
}
