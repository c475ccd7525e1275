package dev.millrace.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** A file that is only ever seen whole: it is written under another name beside, and then given its own. */
final class ReplacedFile {

    private static final String UNFINISHED = ".tmp";

    private ReplacedFile() {}

    /**
     * Looks whether the file can be written, by beginning one, and does away with what was left by writers that died.
     *
     * @throws IOException if it cannot
     */
    static void check(Path path) throws IOException {
        Path target = targetOf(path);
        Path temporary = temporary(target);
        create(temporary).close();
        Files.delete(temporary);
        deleteLeftovers(target);
    }

    static <T> void write(Path path, LineFormat<? super T> format, Iterable<? extends T> values) throws IOException {
        Path target = targetOf(path);
        Path temporary = temporary(target);
        try (FileChannel channel = create(temporary)) {
            // Tells those who look for leftovers that this is none.
            lock(channel);
            try (OutputStream out = stream(target, channel)) {
                out.write(format.header());
                for (T value : values) {
                    out.write(format.line(value));
                }
            }
        } catch (Throwable e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        TargetFile.forceDirectory(target);
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
        boolean isPacked = TargetFile.nameOf(target).toLowerCase(Locale.ROOT).endsWith(".gz");
        return isPacked ? new GZIPOutputStream(device) : device;
    }

    /** Where a link leads: it is to stay one. */
    private static Path targetOf(Path path) throws IOException {
        TargetFile.check(path);
        return Files.exists(path) ? path.toRealPath() : path;
    }

    private static Path temporary(Path target) {
        return target.resolveSibling(prefix(target) + UUID.randomUUID() + UNFINISHED);
    }

    private static String prefix(Path target) {
        return "." + TargetFile.nameOf(target) + ".";
    }

    private static FileChannel create(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    private static void deleteLeftovers(Path target) throws IOException {
        String prefix = prefix(target);
        DirectoryStream.Filter<Path> unfinished = file -> {
            String name = TargetFile.nameOf(file);
            return name.startsWith(prefix) && name.endsWith(UNFINISHED);
        };
        try (DirectoryStream<Path> files = Files.newDirectoryStream(TargetFile.directoryOf(target), unfinished)) {
            for (Path file : files) {
                boolean isLeft;
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    isLeft = lock(channel);
                }
                if (isLeft) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
