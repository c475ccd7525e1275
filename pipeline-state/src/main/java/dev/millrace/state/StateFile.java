package dev.millrace.state;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file of one stage: made, locked and opened when it is first needed, opened again after a failure. Blocks; calls
 * go one at a time.
 *
 * <p>Once states have come from a file, it must be that very file until the end: where another one has taken its place,
 * what was loaded and has not changed since would be missing from it.
 */
final class StateFile {

    private final Path directory;
    private final Path path;
    /** Not a monitor, which a virtual thread would wait for at the cost of its carrier. */
    private final Lock lock = new ReentrantLock();

    private @Nullable SoleUse use;
    private @Nullable Object identity;
    private @Nullable StateDatabase database;
    private boolean isClosed;

    StateFile(Path directory, String name) {
        this.directory = directory;
        this.path = directory.resolve(name);
    }

    List<KeptState> load(String partition) {
        return call(open -> open.load(partition));
    }

    void save(Map<String, List<KeptState>> changed) {
        call(open -> {
            open.save(changed);
            return changed;
        });
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            forget();
            if (use != null) {
                use.close();
            }
        } catch (IOException e) {
            throw unavailable(e);
        } finally {
            lock.unlock();
        }
    }

    private interface Call<T> {
        T of(StateDatabase open) throws SQLException;
    }

    private <T> T call(Call<T> call) {
        lock.lock();
        try {
            if (isClosed) {
                throw new IllegalStateException("state file " + path + " is closed");
            }
            T answer = call.of(opened());
            // A file that has gone takes what is written to it along.
            requireInPlace();
            return answer;
        } catch (SQLException e) {
            forget();
            throw translated(e);
        } catch (IOException e) {
            forget();
            throw unavailable(e);
        } catch (RuntimeException | Error e) {
            forget(); // and with it what has been written in part
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private StateDatabase opened() throws IOException, SQLException {
        if (database == null) {
            if (use == null) {
                use = soleUse();
            }
            if (identity == null) {
                if (Files.notExists(path)) {
                    make();
                }
                identity = identity();
            } else {
                requireInPlace();
            }
            database = StateDatabase.open(path);
        }
        return database;
    }

    private SoleUse soleUse() throws IOException {
        if (Files.notExists(directory)) {
            Files.createDirectories(directory);
            sync(directory.getParent());
        }
        return SoleUse.of(directory, path);
    }

    /** Under another name first, so that there is a whole file or none. */
    private void make() throws IOException, SQLException {
        Path made = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(StateDatabase.journalOf(made));
        Files.deleteIfExists(made);
        // What a former file of that name has left would be rolled back into this one.
        Files.deleteIfExists(StateDatabase.journalOf(path));
        StateDatabase.make(made);
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
    }

    /** So that a loss of power does not take back what is new in it. */
    private static void sync(@Nullable Path directory) throws IOException {
        if (directory != null
                && directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private Object identity() throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return Objects.requireNonNullElse(key, "a file");
    }

    private void requireInPlace() throws IOException {
        boolean isInPlace;
        try {
            isInPlace = identity().equals(identity);
        } catch (NoSuchFileException e) {
            isInPlace = false;
        }
        if (!isInPlace) {
            throw new UnavailableException(
                    "state file " + path
                            + " was moved, deleted or replaced while the pipeline runs; put it back, or start the pipeline again");
        }
    }

    private void forget() {
        if (database != null) {
            database.close();
            database = null;
        }
    }

    private RuntimeException translated(SQLException failure) {
        return switch (StateDatabase.meaningOf(failure)) {
            case UNAVAILABLE -> unavailable(failure);
            case DAMAGED ->
                new StageFailedException(
                        "state file " + path + " is damaged: " + failure.getMessage()
                                + "; put a copy in its place, or delete it and begin anew",
                        failure);
            case OTHER -> new StageFailedException("state file " + path + ": " + failure.getMessage(), failure);
        };
    }

    private UnavailableException unavailable(Exception failure) {
        return new UnavailableException("state file " + path + " is not available: " + failure, failure);
    }
}
