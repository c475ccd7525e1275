package dev.millrace.parquet;

import dev.millrace.files.internal.FileGlob;
import dev.millrace.files.internal.FileItems;
import dev.millrace.files.internal.ItemReader;
import dev.millrace.files.internal.NamedFile;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of files, from the first one on.
 *
 * @param glob which files in the directory; null where the path is that of a file
 */
record RawParquet<T extends Record>(Path path, @Nullable FileGlob glob, RowType<T> rows) implements Source<T> {

    RawParquet<T> matching(String pattern) {
        return new RawParquet<>(path, FileGlob.of(path, pattern), rows);
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws IOException {
        List<NamedFile> files = glob == null ? List.of(NamedFile.of(path)) : glob.list();
        return new ItemReader<>(FileItems.open(files, file -> RowReader.open(file, rows)), context);
    }

    String place() {
        return glob == null ? path.toString() : glob.toString();
    }

    @Override
    public String describe() {
        return "Parquet file " + place();
    }
}
