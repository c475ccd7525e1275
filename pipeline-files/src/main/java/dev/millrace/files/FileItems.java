package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What several files hold, one file after the other. One is open at a time. */
final class FileItems<R> implements Items<R> {

    /** Opens one file, and looks whether it can be read at all. */
    interface Opener<R> {

        Items<R> open(FileInput file) throws IOException;
    }

    private final Iterator<FileInput> files;
    private final Opener<R> opener;
    private Items<R> current;

    private FileItems(Iterator<FileInput> files, Opener<R> opener) throws IOException {
        this.files = files;
        this.opener = opener;
        this.current = opener.open(files.next());
    }

    /** Opens the first of the files. */
    static <R> FileItems<R> open(FileInputs inputs, Opener<R> opener) throws IOException {
        return new FileItems<>(inputs.list().iterator(), opener);
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
