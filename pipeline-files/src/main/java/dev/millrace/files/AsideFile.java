package dev.millrace.files;

import dev.millrace.files.internal.TargetFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is taken out of a file, in a file beside it. */
final class AsideFile {

    private AsideFile() {}

    /** Writes bytes of a file to one beside it, {@code name.torn-1} or the next number, and forces them. */
    static Path write(Path path, byte[] bytes) throws IOException {
        for (int number = 1; ; number++) {
            Path aside = path.resolveSibling(TargetFile.nameOf(path) + ".torn-" + number);
            try (FileChannel channel = TargetFile.create(aside, path)) {
                write(channel, aside, bytes);
                TargetFile.forceDirectory(aside);
                return aside;
            } catch (FileAlreadyExistsException e) {
                // The next one then.
            }
        }
    }

    private static void write(FileChannel channel, Path path, byte[] bytes) throws IOException {
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }
}
