package dev.millrace.state;

import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to use a state file, until it is closed or the process ends: a lock on an empty file beside it. SQLite's
 * own locks do not do, for they leave out the moment in which the state file is made.
 */
final class SoleUse implements AutoCloseable {

    /**
     * Locks are the process's own, and to close a file ends all that it has on it: so no file is opened twice. Only
     * where two class loaders have this class each has a set of its own, and the one that is refused takes the other's
     * lock away from it as regards other processes.
     */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path lockFile;
    private final FileChannel channel;

    private SoleUse(Path lockFile, FileChannel channel) {
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /** @throws UnavailableException while somebody else has it */
    static SoleUse of(Path directory, Path file) throws IOException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        Path known = directory.toRealPath().resolve(lockFile.getFileName());
        if (!IN_USE.add(known)) {
            throw new UnavailableException("state file " + file + " is in use by this process already");
        }
        boolean isMine = false;
        try {
            FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                isMine = channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                throw new UnavailableException("state file " + file + " is in use by this process already", e);
            } finally {
                if (!isMine) {
                    channel.close();
                }
            }
            if (!isMine) {
                throw new UnavailableException("state file " + file + " is in use by another process");
            }
            return new SoleUse(known, channel);
        } finally {
            if (!isMine) {
                IN_USE.remove(known);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Whoever closes is done with it; at the latest the lock ends with the process.
        } finally {
            IN_USE.remove(lockFile);
        }
    }
}
