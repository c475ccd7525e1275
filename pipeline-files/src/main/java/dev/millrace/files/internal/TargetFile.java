package dev.millrace.files.internal;

import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What there is to say of a file that is written. */
public final class TargetFile {

    private static final Set<PosixFilePermission> OWN =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private TargetFile() {}

    /**
     * Looks whether there can be a file.
     *
     * @throws IOException if not, with the path and the reason
     */
    public static void check(Path path) throws IOException {
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

    /** The directory that it is in. */
    public static Path directoryOf(Path path) {
        Path directory = path.toAbsolutePath().getParent();
        return directory == null ? path.toAbsolutePath() : directory;
    }

    /** Its name, less its directory. */
    public static String nameOf(Path path) {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }

    /**
     * Creates a file, which may be read by those who may read another one.
     *
     * @param model need not exist
     * @throws java.nio.file.FileAlreadyExistsException if it exists
     */
    public static FileChannel create(Path path, Path model) throws IOException {
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

    /** Makes a new name outlast a failure of power, where the system lets directories be forced. */
    public static void forceDirectory(Path path) {
        try (FileChannel directory = FileChannel.open(directoryOf(path), StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException notOnThisSystem) {
            // Windows writes names on its own.
        }
    }

    /** No record is to blame where a file cannot be written: disks are emptied, directories made, rights granted. */
    public static UnavailableException unavailable(Path path, IOException e) {
        return new UnavailableException(message(path, e), e);
    }

    /** With the path and the reason, which the exceptions of the file system often lack. */
    public static IOException named(Path path, IOException e) {
        return new IOException(message(path, e), e);
    }

    private static String message(Path path, IOException e) {
        String reason = e.getMessage();
        if (reason != null && reason.startsWith(path + ": ")) {
            return reason;
        }
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
