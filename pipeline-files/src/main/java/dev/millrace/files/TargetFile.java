package dev.millrace.files;

import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What there is to say of a file that is written. */
final class TargetFile {

    private static final Set<PosixFilePermission> OWN =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private TargetFile() {}

    /**
     * Looks whether there can be a file.
     *
     * @throws IOException if not, with the path and the reason
     */
    static void check(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new FileSystemException(path.toString(), null, "is a directory, not a file");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new FileSystemException(path.toString(), null, "is no regular file");
        }
        Path directory = directoryOf(path);
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(path.toString(), null, "its directory does not exist");
        }
    }

    static Path directoryOf(Path path) {
        Path directory = path.toAbsolutePath().getParent();
        return directory == null ? path.toAbsolutePath() : directory;
    }

    static String nameOf(Path path) {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }

    /** Whether what is written is to be packed by gzip. */
    static boolean isNamedPacked(Path path) {
        return nameOf(path).toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    /** What tells this file from another one of its name; null where the file system does not. */
    static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /**
     * Creates a file, which may be read by those who may read another one.
     *
     * @param model need not exist
     * @throws java.nio.file.FileAlreadyExistsException if it exists
     */
    static FileChannel create(Path path, Path model) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        PosixFileAttributeView view = Files.getFileAttributeView(model, PosixFileAttributeView.class);
        if (view == null || !Files.exists(model)) {
            return FileChannel.open(path, options);
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        FileChannel channel = FileChannel.open(path, options, PosixFilePermissions.asFileAttribute(OWN));
        try {
            Files.setPosixFilePermissions(path, permissions);
        } catch (Throwable e) {
            channel.close();
            Files.deleteIfExists(path);
            throw e;
        }
        return channel;
    }

    /** Writes bytes of a file to one beside it, {@code name.torn-1} or the next number, and forces them. */
    static Path setAside(Path path, byte[] bytes) throws IOException {
        for (int number = 1; ; number++) {
            Path aside = path.resolveSibling(nameOf(path) + ".torn-" + number);
            try (FileChannel channel = create(aside, path)) {
                write(channel, aside, bytes);
                forceDirectory(aside);
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

    /** Makes a new name outlast a failure of power, where the system lets directories be forced. */
    static void forceDirectory(Path path) {
        try (FileChannel directory = FileChannel.open(directoryOf(path), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException notOnThisSystem) {
            // Windows writes names on its own.
        }
    }

    /** No record is to blame where a file cannot be written: disks are emptied, directories made, rights granted. */
    static UnavailableException unavailable(Path path, IOException e) {
        return new UnavailableException(message(path, e), e);
    }

    /** With the path and the reason, which the exceptions of the file system often lack. */
    static IOException named(Path path, IOException e) {
        return new IOException(message(path, e), e);
    }

    private static String message(Path path, IOException e) {
        if (e.getMessage() != null && e.getMessage().startsWith(path + ": ")) {
            return e.getMessage();
        }
        String reason = e.getMessage();
        if (e instanceof AccessDeniedException) {
            reason = "may not be written";
        } else if (e instanceof NoSuchFileException) {
            reason = "its directory does not exist";
        } else if (e instanceof FileSystemException known && known.getReason() != null) {
            reason = known.getReason();
        }
        return path + ": " + (reason == null ? e.getClass().getName() : reason);
    }
}
