package dev.millrace.files;

import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** Replaces a file by each snapshot. */
record ReplacingSink<T>(Path path, LineFormat<? super T> format) implements Sink<Collection<? extends T>> {

    @Override
    public SinkWriter<Collection<? extends T>> open(StageContext context) throws IOException {
        return ReplacingWriter.open(path, format, context);
    }

    @Override
    public String describe() {
        return format.kind() + " " + path;
    }

    @Override
    public String toString() {
        return "ReplacingSink[" + path + "]";
    }
}
