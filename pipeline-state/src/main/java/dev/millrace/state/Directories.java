package dev.millrace.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Directories that are there after a loss of power, too. */
final class Directories {

    private Directories() {}

    /** With those above it, where they are missing. */
    static void make(Path directory) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        @Nullable Path parent = directory.getParent();
        if (parent != null) {
            make(parent);
        }
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        if (parent != null) {
            sync(parent);
        }
    }

    /** So that a loss of power does not take back what is new in it. */
    static void sync(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
