package dev.millrace.parquet;

import dev.millrace.files.internal.TargetFile;
import dev.millrace.files.internal.WholeFile;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Adds files of rows to a directory. */
record AppendingSink<T extends Record>(Path directory, RowWriter<T> rows) implements Sink<T> {

    @Override
    public SinkWriter<T> open(StageContext context) throws IOException {
        try {
            create();
            DirectoryLock.acquire(directory).close();
            WholeFile.deleteLeftovers(directory, name -> PartName.parse(name).isPresent());
        } catch (IOException e) {
            throw TargetFile.named(directory, e);
        }
        return new AppendingWriter<>(directory, rows, context);
    }

    /** Unless it is there, or another instance is faster. */
    private void create() throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw new NotDirectoryException(directory + ": is no directory");
            }
        }
    }

    @Override
    public String describe() {
        return "Parquet files in " + directory;
    }
}
