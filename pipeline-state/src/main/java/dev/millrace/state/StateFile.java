package dev.millrace.state;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
 * <p>Once states have come from a file, it must be that very file until the end, as the last save has left it: where
 * another one has taken its place, what was loaded and has not changed since would be missing from it, or be older.
 */
final class StateFile {

    private static final System.Logger LOGGER = System.getLogger("dev.millrace.state");
    private static final long NONE = -1;

    private final Path directory;
    private final Path path;
    private final boolean mayBeMade;
    /** Not a monitor, which a virtual thread would wait for at the cost of its carrier. */
    private final Lock lock = new ReentrantLock();

    private @Nullable SoleUse use;
    private @Nullable Object identity;
    private @Nullable StateDatabase database;
    /** How many saves there are in the file, as far as they were answered. */
    private long saves = NONE;

    private volatile boolean isClosed;

    StateFile(Path directory, String name, boolean mayBeMade) {
        this.directory = directory;
        this.path = directory.resolve(name);
        this.mayBeMade = mayBeMade;
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

    /** Waits for no call, which may hang in a disk that does not answer: one that is running lets go as it ends. */
    void close() {
        isClosed = true;
        letGoUnlessBusy();
    }

    private void letGoUnlessBusy() {
        if (lock.tryLock()) {
            try {
                forget();
                if (use != null) {
                    use.close();
                    use = null;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    interface Call<T> {
        T of(StateDatabase open) throws SQLException;
    }

    <T> T call(Call<T> call) {
        lock.lock();
        try {
            if (isClosed) {
                throw new IllegalStateException("state file " + path + " is closed");
            }
            StateDatabase open = opened();
            T answer = call.of(open);
            saves = open.saves();
            // A file that has gone takes what is written to it along.
            requireInPlace();
            return answer;
        } catch (SQLException e) {
            if (database == null || !database.goesOnAfter(e)) {
                forget();
            }
            throw translated(e);
        } catch (IOException e) {
            forget();
            throw unavailable(e);
        } catch (RuntimeException | Error e) {
            forget(); // and with it what has been written in part
            throw e;
        } finally {
            lock.unlock();
            if (isClosed) {
                letGoUnlessBusy();
            }
        }
    }

    private StateDatabase opened() throws IOException, SQLException {
        if (database == null) {
            if (use == null) {
                if (mayBeMade) {
                    Directories.make(directory);
                }
                use = SoleUse.of(directory, path);
            }
            if (identity == null) {
                if (Files.notExists(path)) {
                    begin();
                }
                identity = identity();
            } else {
                requireInPlace();
            }
            database = StateDatabase.open(path);
            // Of the last save the answer may have been lost, and not the save.
            requireOwn(saves == NONE || database.saves() == saves || database.saves() == saves + 1);
            saves = database.saves();
        } else {
            requireOwn(database.isAsItWas());
        }
        return database;
    }

    private void begin() throws IOException, SQLException {
        if (!mayBeMade) {
            throw new UnavailableException("state file " + path
                    + " is not there, and is not to be begun anew; mount its volume, or put it back");
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "state file {0} is not there and is made: its stage begins with nothing",
                path);
        make();
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
        Files.deleteIfExists(StateDatabase.journalOf(made));
        Directories.sync(directory);
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
        requireOwn(isInPlace);
    }

    private void requireOwn(boolean isOwn) {
        if (!isOwn) {
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
            case FULL_OR_BUSY, UNAVAILABLE -> unavailable(failure);
            case DAMAGED ->
                new StageFailedException(
                        "state file " + path + " is damaged: " + failure.getMessage()
                                + "; put a copy in its place and delete "
                                + StateDatabase.journalOf(path).getFileName()
                                + " beside it, or delete both and begin anew",
                        failure);
            case OTHER -> new StageFailedException("state file " + path + ": " + failure.getMessage(), failure);
        };
    }

    private UnavailableException unavailable(Exception failure) {
        return new UnavailableException("state file " + path + " is not available: " + failure, failure);
    }
}
