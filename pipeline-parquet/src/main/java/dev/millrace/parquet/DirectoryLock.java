package dev.millrace.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Keeps all others that append to a directory from doing so, where its file system has locks. */
final class DirectoryLock implements Closeable {

    private static final String NAME = ".millrace.lock";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits its turn.
     *
     * @throws IOException if someone else keeps it for long, or the directory cannot be written
     */
    static DirectoryLock acquire(Path directory) throws IOException {
        DirectoryLock lock = new DirectoryLock(
                FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            long since = System.nanoTime();
            while (!lock.isTaken()) {
                if (System.nanoTime() - since > PATIENCE) {
                    throw new IOException(directory + ": is being written by someone else");
                }
                LockSupport.parkNanos(PAUSE);
            }
            return lock;
        } catch (Throwable e) {
            lock.close();
            throw e;
        }
    }

    private boolean isTaken() {
        try {
            @Nullable FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException e) {
            // Another pipeline of this process has it.
            return false;
        } catch (IOException thereAreNone) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
