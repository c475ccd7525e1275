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
 * {@code movie-ratings~counts.states}. Beside it lie its journal, {@code movie-ratings~counts.states-journal}, which
 * belongs to it, and an empty file ending in {@code .lock}, which does not matter. It is made when states are first
 * asked for, with the directory where that is missing, and a warning in the log says so.
 *
 * <p><b>A file that is missing is a beginning</b>, and the records that made the former states may not come again. So
 * have the volume mounted before the pipeline starts, and use {@link #existing} once there are states, which has it
 * wait for them. To begin anew, delete the file and its journal while the pipeline is stopped, and have the source
 * begin anew as well.
 *
 * <p><b>What is saved</b> is on the disk, by fsync, before the save counts as done, and one save is one transaction: it
 * survives a kill and a loss of power. The directory must therefore be on a disk of this machine, or on one that locks
 * and syncs like that; network file systems often do neither.
 *
 * <p><b>One process</b> uses a file at a time. A second one waits, as for a system that is down, and says so, until the
 * first has ended: so in a rolling restart the new process takes over from the old. After a kill there is nothing to
 * wait for, since the lock ends with its process.
 *
 * <p><b>Copies</b> are made while the pipeline is stopped, or with {@code sqlite3 FILE ".backup COPY"}. One takes the
 * file's place while the pipeline is stopped, after the journal there has been deleted, which is another file's; and
 * the source begins where it was committed when the copy was made.
 *
 * <p><b>Where it goes wrong.</b> A disk that is full, a directory that is gone or not to be written, and a file that
 * was moved or replaced while the pipeline runs, be it by an older one of its own, are waited for. A file that is
 * damaged, or none of ours, ends the pipeline in FAILED and is left as it is: a file that is there is never begun anew.
 *
 * <p>Immutable and thread-safe; {@link #existing} returns a changed copy.
 */
public final class StateDirectory implements StateStore {

    private final Path directory;
    private final boolean mayBeMade;

    private StateDirectory(Path directory, boolean mayBeMade) {
        this.directory = directory;
        this.mayBeMade = mayBeMade;
    }

    /** In this directory, which need not exist. */
    public static StateDirectory at(Path directory) {
        return new StateDirectory(Objects.requireNonNull(directory, "directory"), true);
    }

    /**
     * Makes no file: where there is none, the pipeline waits for it as for a system that is down, and says so. For
     * pipelines that have states already, which a volume that is not mounted must not begin anew.
     */
    public StateDirectory existing() {
        return new StateDirectory(directory, false);
    }

    /**
     * Loads SQLite; touches no file yet.
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
        return new DirectoryTable(context, new StateFile(directory.toAbsolutePath(), name, mayBeMade));
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
