package dev.millrace.files.internal;

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
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file that is only ever seen whole: it is written under another name beside, and then given its own. */
public final class WholeFile {

    private static final Pattern UNFINISHED =
            Pattern.compile("\\.(.+)\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp", Pattern.DOTALL);

    private static final int BUFFER = 64 * 1024;
    private static final int MAX_LINKS = 40;

    private WholeFile() {}

    /** What a file holds. */
    @FunctionalInterface
    public interface Content {

        /** Writes all of it; may close the stream, which is done otherwise. */
        void write(OutputStream stream) throws IOException;
    }

    /**
     * Where a link leads, whether there is a file yet or not: it is to stay one.
     *
     * @throws IOException if there can be no file, with the path and the reason
     */
    public static Path targetOf(Path path) throws IOException {
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

    /**
     * Looks whether a file can be written, by beginning one.
     *
     * @throws IOException if it cannot
     */
    public static void check(Path target) throws IOException {
        Path temporary = temporary(target);
        TargetFile.create(temporary, target).close();
        // Another sink of this path may have taken it for left over.
        Files.deleteIfExists(temporary);
    }

    /** Writes a file, and forces it to the device; one that is there is replaced, and passes on its permissions. */
    public static void write(Path target, Content content) throws IOException {
        Path temporary = temporary(target);
        try (FileChannel channel = TargetFile.create(temporary, target)) {
            // Tells those who look for leftovers that this is none, until it has its name.
            lock(channel);
            try (OutputStream stream = stream(channel)) {
                content.write(stream);
            }
            channel.force(true);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable e) {
            delete(temporary, e);
            throw e;
        }
        TargetFile.forceDirectory(target);
    }

    /** A stream that leaves the channel open. */
    private static OutputStream stream(FileChannel channel) {
        return new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER) {
            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    private static void delete(Path temporary, Throwable failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static Path temporary(Path target) {
        return target.resolveSibling("." + TargetFile.nameOf(target) + "." + UUID.randomUUID() + ".tmp");
    }

    /**
     * Does away with what writers that died have left, as far as it can: what stays does no harm.
     *
     * @param isTarget whether a file of that name is written by writers of this kind
     */
    public static void deleteLeftovers(Path directory, Predicate<String> isTarget) {
        DirectoryStream.Filter<Path> filter = file -> {
            Matcher unfinished = UNFINISHED.matcher(TargetFile.nameOf(file));
            return unfinished.matches() && isTarget.test(unfinished.group(1));
        };
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, filter)) {
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

    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }
}
