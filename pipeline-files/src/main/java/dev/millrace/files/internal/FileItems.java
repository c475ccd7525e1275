package dev.millrace.files.internal;

import dev.millrace.pipeline.record.PipelineRecord;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What several files hold, one file after the other. One is open at a time.
 *
 * @param <F> what is known of a file
 * @param <R> type of a piece
 */
public final class FileItems<F, R> implements Items<R> {

    /**
     * Opens one file, and looks whether it can be read at all.
     *
     * @param <F> what is known of a file
     * @param <R> type of a piece
     */
    @FunctionalInterface
    public interface Opener<F, R> {

        /** Opens a file, at its beginning. */
        Items<R> open(F file) throws IOException;
    }

    private final Iterator<F> files;
    private final Opener<F, R> opener;
    private Items<R> current;

    private FileItems(Iterator<F> files, Opener<F, R> opener) throws IOException {
        this.files = files;
        this.opener = opener;
        this.current = opener.open(files.next());
    }

    /** Opens the first of the files, of which there are one or more. */
    public static <F, R> Items<R> open(List<F> files, Opener<F, R> opener) throws IOException {
        return new FileItems<>(files.iterator(), opener);
    }

    @Override
    public @Nullable PipelineRecord<R> next() throws IOException {
        PipelineRecord<R> item = current.next();
        while (item == null && files.hasNext()) {
            current.close();
            current = opener.open(files.next());
            item = current.next();
        }
        return item;
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
