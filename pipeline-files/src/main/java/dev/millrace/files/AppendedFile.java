package dev.millrace.files;

import dev.millrace.files.internal.TargetFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file of whole lines that grows. Used by one thread at a time. */
final class AppendedFile implements AutoCloseable {

    private static final Logger LOG = System.getLogger("dev.millrace.files");

    private static final byte[] LINE_END = {'\n'};

    private final Path path;
    private final FileChannel channel;
    private @Nullable Object key;
    /** Where the lines end that are known to be on the device. */
    private long end;

    private AppendedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens or creates a file, and sets aside what is no whole line.
     *
     * @param stage for the log, where something is set aside
     * @throws IOException if it cannot be opened, someone else is writing it, or lines of this format cannot be added
     */
    static AppendedFile open(Path path, LineFormat<?> format, String stage) throws IOException {
        TargetFile.check(path);
        AppendedFile file = new AppendedFile(
                path,
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            file.lock();
            file.key = keyOf(path);
            file.recover(format, stage);
        } catch (Throwable e) {
            file.close();
            throw e;
        }
        return file;
    }

    /** What tells this file from another one of its name; null where the file system does not. */
    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /**
     * Holds as long as the channel is open, where the file system has locks. What is locked is a place that the file
     * never comes to: where a lock keeps readers away, it is to keep none.
     */
    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException thereAreNone) {
            return;
        }
        if (lock == null) {
            throw new IOException(path + ": is being written by someone else");
        }
    }

    private void recover(LineFormat<?> format, String stage) throws IOException {
        if (FileInput.isPacked(content().readNBytes(2))) {
            throw new IOException(path + ": is packed by gzip, nothing can be appended to it");
        }
        end = format.wholeEnd(FileInput.of(TargetFile.nameOf(path), this::content), channel);
        long size = channel.size();
        if (size - end > format.maxLength()) {
            throw new IOException(
                    path + ": what follows byte " + end + " is no torn line, it has " + (size - end) + " bytes");
        }
        if (size > end) {
            mend(format, stage, bytes(size));
        }
        if (end == 0) {
            append(format.header());
            TargetFile.forceDirectory(path);
        }
    }

    private byte[] bytes(long size) throws IOException {
        InputStream content = content();
        channel.position(end);
        return content.readNBytes((int) (size - end));
    }

    private void mend(LineFormat<?> format, String stage, byte[] tail) throws IOException {
        if (format.isWhole(tail)) {
            end += tail.length;
            append(LINE_END);
            LOG.log(Level.WARNING, stage + " " + path + ": the last line had no end, which was added");
            return;
        }
        // Someone else may have written it.
        Path aside = AsideFile.write(path, tail);
        channel.truncate(end);
        LOG.log(Level.WARNING, stage + " " + path + ": a torn line of " + tail.length + " bytes was moved to " + aside);
    }

    /** By the one channel: to close another would give up the lock. */
    private InputStream content() throws IOException {
        channel.position(0);
        return new FilterInputStream(Channels.newInputStream(channel)) {
            @Override
            public void close() {}
        };
    }

    /** Whether the file is still what the path leads to, with nothing in it but what is known. */
    boolean isSound() {
        try {
            return channel.isOpen() && channel.size() == end && isInPlace();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isInPlace() throws IOException {
        return Objects.equals(key, keyOf(path));
    }

    /**
     * Adds these bytes and forces them to the device, all or none.
     *
     * @throws IOException if none were added
     */
    void append(byte[] lines) throws IOException {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(lines);
            for (long position = end; bytes.hasRemaining(); ) {
                position += channel.write(bytes, position);
            }
            channel.force(false);
            if (!isInPlace()) {
                throw new IOException(path + ": was moved or deleted while it was written");
            }
        } catch (IOException e) {
            takeBack(end + lines.length, e);
            throw e;
        }
        end += lines.length;
    }

    private void takeBack(long most, IOException failure) {
        try {
            // What is beyond, someone else has written.
            if (channel.size() <= most) {
                channel.truncate(end);
            }
        } catch (IOException e) {
            // It is longer than is known then, which shows before the next write.
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
