package dev.millrace.state;

import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Keeps the states of aggregates in a directory of this machine, for a pipeline that runs as one instance.
 *
 * <pre>{@code
 * .aggregate(counting(), Count::of, Aggregation.keptIn(StateDirectory.at(Path.of("/var/lib/service/states"))))
 * }</pre>
 *
 * <p>Each stage of each pipeline has a file there, an SQLite database named after both, such as
 * {@code movie-ratings~counts.states}, and beside it at times a journal, which belongs to it. It is made when states
 * are first asked for, with the directory where that is missing. To begin anew, delete it while the pipeline is
 * stopped, and have the source begin anew as well.
 *
 * <p><b>What is saved</b> is on the disk, by fsync, before the save counts as done, and one save is one transaction: it
 * survives a kill and a loss of power. The directory must therefore be on a disk of this machine, or on one that locks
 * and syncs like that; network file systems often do neither.
 *
 * <p><b>One process</b> uses a file at a time. A second one waits, as for a system that is down, and says so, until the
 * first has ended: so in a rolling restart the new process takes over from the old. After a kill there is nothing to
 * wait for, since the lock ends with its process.
 *
 * <p><b>Where it goes wrong.</b> A disk that is full, a directory that is gone or not to be written, and a file that
 * was moved or replaced while the pipeline runs are waited for. A file that is damaged, or none of ours, ends the
 * pipeline in FAILED and is left as it is: states are never begun anew in silence, since the records that made them may
 * not come again.
 *
 * <p>Immutable and thread-safe.
 */
public final class StateDirectory implements StateStore {

    private final Path directory;

    private StateDirectory(Path directory) {
        this.directory = directory;
    }

    /** In this directory, which need not exist. */
    public static StateDirectory at(Path directory) {
        return new StateDirectory(Objects.requireNonNull(directory, "directory"));
    }

    /**
     * Loads SQLite, and makes no file yet.
     *
     * @throws IllegalArgumentException if the path is one of something other than a directory
     * @throws Exception if SQLite's native library cannot be loaded: it comes with its jar, and goes to the directory
     *     that the system property {@code org.sqlite.tmpdir} names, or else to that of temporary files
     */
    @Override
    public StateTable open(StageContext context) throws Exception {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IllegalArgumentException("states need a directory, got the file " + directory);
        }
        SQLiteJDBCLoader.initialize();
        String name = FileNames.of(context.pipeline(), context.stage());
        return new DirectoryTable(context, new StateFile(directory.toAbsolutePath(), name));
    }

    @Override
    public String describe() {
        return "directory " + directory;
    }

    @Override
    public String toString() {
        return describe();
    }
}
