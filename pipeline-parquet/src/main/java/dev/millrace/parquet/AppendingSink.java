package dev.millrace.parquet;

import dev.millrace.files.internal.TargetFile;
import dev.millrace.files.internal.WholeFile;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Adds files of rows to a directory. */
record AppendingSink<T extends Record>(Path directory, RowWriter<T> rows) implements Sink<T> {

    @Override
    public SinkWriter<T> open(StageContext context) throws IOException {
        try {
            if (!Files.isDirectory(directory)) {
                if (Files.exists(directory)) {
                    throw new NotDirectoryException(directory + ": is no directory");
                }
                Files.createDirectory(directory);
            }
            DirectoryLock.acquire(directory).close();
            WholeFile.deleteLeftovers(directory, name -> PartName.parse(name).isPresent());
        } catch (IOException e) {
            throw TargetFile.named(directory, e);
        }
        return new AppendingWriter<>(directory, rows, context);
    }

    @Override
    public String describe() {
        return "Parquet files in " + directory;
    }
}
