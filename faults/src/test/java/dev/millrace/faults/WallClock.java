package dev.millrace.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of a process that is started with {@link #variables}, to be set while it runs. By libfaketime, which
 * changes what the C library says of the time of day and leaves the clock alone that runs on from the start of the
 * machine.
 */
final class WallClock implements AutoCloseable {

    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String LIBRARY = "faketime/libfaketime.so.1";

    private final Path library;
    private final Path file;

    WallClock() throws IOException {
        library = find().orElseThrow();
        file = Files.createTempFile("wall-clock", "");
        isOffBy(Duration.ZERO);
    }

    static boolean isPossible() throws IOException {
        return find().isPresent();
    }

    /** As Debian has it, by the kind of machine, or others without. */
    private static Optional<Path> find() throws IOException {
        if (!Files.isDirectory(LIBRARIES)) {
            return Optional.empty();
        }
        try (Stream<Path> directories = Files.list(LIBRARIES)) {
            return Stream.concat(Stream.of(LIBRARIES), directories)
                    .map(directory -> directory.resolve(LIBRARY))
                    .filter(Files::exists)
                    .findFirst();
        }
    }

    Map<String, String> variables() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toString(),
                "FAKETIME_NO_CACHE",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // Or every wait of the JVM with a limit, whose end is by that other clock, is over at once.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    /** From now on, against that of the machine. */
    void isOffBy(Duration offset) throws IOException {
        Path next = Files.writeString(
                file.resolveSibling(file.getFileName() + ".next"), "%+d%n".formatted(offset.toSeconds()));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        Files.delete(file);
    }
}
