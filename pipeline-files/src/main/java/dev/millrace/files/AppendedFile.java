package dev.millrace.files;

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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A file of whole lines that grows. Used by one thread at a time. */
final class AppendedFile implements AutoCloseable {

    private static final Logger LOG = System.getLogger("dev.millrace.files");

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
     * Opens or creates a file, and cuts off what is no whole line.
     *
     * @param stage for the log, where something is cut off
     * @throws IOException if it cannot be opened, someone else is writing it, or lines of this format cannot be added
     */
    static AppendedFile open(Path path, LineFormat<?> format, String stage) throws IOException {
        TargetFile.check(path);
        AppendedFile file = new AppendedFile(
                path,
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            file.lock();
            file.key = TargetFile.keyOf(path);
            file.recover(format, stage);
        } catch (Throwable e) {
            file.close();
            throw e;
        }
        return file;
    }

    /** Holds as long as the channel is open, where the file system has locks. */
    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
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
        end = WholeLines.end(channel, format.isQuoted());
        long torn = channel.size() - end;
        if (torn > format.maxLength()) {
            throw new IOException(path + ": what follows byte " + end + " is no torn line, it has " + torn + " bytes");
        }
        if (end > 0) {
            format.check(FileInput.of(TargetFile.nameOf(path), this::content));
        }
        if (torn > 0) {
            channel.truncate(end);
            LOG.log(Level.WARNING, stage + " " + path + ": a torn line of " + torn + " bytes was cut off");
        }
        if (end == 0) {
            append(format.header());
            TargetFile.forceDirectory(path);
        }
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
        return Objects.equals(key, TargetFile.keyOf(path));
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
            takeBack(e);
            throw e;
        }
        end += lines.length;
    }

    private void takeBack(IOException failure) {
        try {
            channel.truncate(end);
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
