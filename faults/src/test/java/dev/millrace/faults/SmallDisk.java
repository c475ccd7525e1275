package dev.millrace.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own in memory, so small that it can be filled. Mounting it takes the rights of root. */
final class SmallDisk implements AutoCloseable {

    private final Path directory;

    SmallDisk(int megabytes) throws Exception {
        directory = Files.createTempDirectory("small-disk");
        Command.run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "faults", directory.toString());
    }

    static boolean isPossible() throws Exception {
        if (!Command.isThere("mount")) {
            return false;
        }
        Path probe = Files.createTempDirectory("small-disk");
        try {
            return Command.succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "faults", probe.toString())
                    && Command.succeeds("umount", probe.toString());
        } finally {
            Files.delete(probe);
        }
    }

    Path directory() {
        return directory;
    }

    /** Until nothing more can be written. */
    void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream ballast = Files.newOutputStream(ballast())) {
            while (true) {
                ballast.write(block);
            }
        } catch (IOException full) {
            if (directory.toFile().getUsableSpace() >= block.length) {
                throw full;
            }
        }
    }

    /** Takes away what {@link #fill} has put there. */
    void free() throws IOException {
        Files.delete(ballast());
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    @Override
    public void close() throws Exception {
        Command.run("umount", "-l", directory.toString());
        Files.delete(directory);
    }
}
