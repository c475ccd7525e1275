package dev.millrace.files;

import dev.millrace.files.internal.TargetFile;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.nio.file.Path;

/** Adds lines to a file. */
record AppendingSink<T>(Path path, LineFormat<? super T> format) implements Sink<T> {

    AppendingSink {
        if (FileInput.isNamedPacked(TargetFile.nameOf(path))) {
            throw new IllegalArgumentException(
                    "file must not be named .gz, since what is appended is not packed, got " + path);
        }
    }

    @Override
    public SinkWriter<T> open(StageContext context) throws IOException {
        return AppendingWriter.open(path, format, context);
    }

    @Override
    public String describe() {
        return format.kind() + " " + path;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
