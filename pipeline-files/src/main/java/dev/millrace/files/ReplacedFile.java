package dev.millrace.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** A file that is only ever seen whole: it is written under another name beside, and then given its own. */
final class ReplacedFile {

    private static final String UNFINISHED = ".tmp";
    private static final String UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final int MAX_LINKS = 40;

    private ReplacedFile() {}

    /**
     * Looks whether the file can be written, by beginning one, and does away with what was left by writers that died.
     *
     * @throws IOException if it cannot
     */
    static void check(Path path) throws IOException {
        Path target = targetOf(path);
        Path temporary = temporary(target);
        TargetFile.create(temporary, target).close();
        // Another sink of this path may have taken it for left over.
        Files.deleteIfExists(temporary);
        deleteLeftovers(target);
    }

    static <T> void write(Path path, LineFormat<? super T> format, Iterable<? extends T> values) throws IOException {
        Path target = targetOf(path);
        Path temporary = temporary(target);
        try (FileChannel channel = TargetFile.create(temporary, target)) {
            // Tells those who look for leftovers that this is none, until it has its name.
            lock(channel);
            write(stream(target, channel), format, values);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable e) {
            delete(temporary, e);
            throw e;
        }
        TargetFile.forceDirectory(target);
    }

    private static <T> void write(OutputStream stream, LineFormat<? super T> format, Iterable<? extends T> values)
            throws IOException {
        try (stream) {
            stream.write(format.header());
            for (T value : values) {
                stream.write(format.line(value));
            }
        }
    }

    private static void delete(Path temporary, Throwable failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** A stream that ends in the device. */
    private static OutputStream stream(Path target, FileChannel channel) throws IOException {
        OutputStream device = new BufferedOutputStream(Channels.newOutputStream(channel)) {
            @Override
            public void close() throws IOException {
                flush();
                channel.force(true);
            }
        };
        return TargetFile.isNamedPacked(target) ? new GZIPOutputStream(device) : device;
    }

    /** Where a link leads, whether there is a file yet or not: it is to stay one. */
    private static Path targetOf(Path path) throws IOException {
        Path target = path;
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MAX_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        TargetFile.check(target);
        return target;
    }

    private static Path temporary(Path target) {
        return target.resolveSibling(prefix(target) + UUID.randomUUID() + UNFINISHED);
    }

    private static String prefix(Path target) {
        return "." + TargetFile.nameOf(target) + ".";
    }

    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    /** As far as it can: what stays does no harm. */
    private static void deleteLeftovers(Path target) {
        Pattern unfinished = Pattern.compile(Pattern.quote(prefix(target)) + UUID_PATTERN + Pattern.quote(UNFINISHED));
        DirectoryStream.Filter<Path> filter =
                file -> unfinished.matcher(TargetFile.nameOf(file)).matches();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(TargetFile.directoryOf(target), filter)) {
            for (Path file : files) {
                deleteIfLeft(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The directory may be written, but not read.
        }
    }

    private static void deleteIfLeft(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (lock(channel)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // Someone else's, or gone by now.
        }
    }
}
