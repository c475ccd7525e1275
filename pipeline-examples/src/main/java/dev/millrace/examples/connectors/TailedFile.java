package dev.millrace.examples.connectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.record.PipelineRecord;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file that grows. The offset of a line is where it begins, in bytes. */
final class TailedFile implements AutoCloseable {

    private final String name;
    private final InputStream bytes;
    /** What has come of a line that has not ended yet. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private long offset;

    TailedFile(Path path) throws IOException {
        this.name = path.getFileName().toString();
        this.bytes = new BufferedInputStream(Files.newInputStream(path));
    }

    /** Adds the next lines, at most so many, as far as they have ended. */
    void read(int limit, List<PipelineRecord<String>> lines) throws IOException {
        int left = limit;
        for (int next = left > 0 ? bytes.read() : -1; next >= 0; next = left > 0 ? bytes.read() : -1) {
            if (next == '\n') {
                lines.add(PipelineRecord.of(line.toString(UTF_8), name, offset).withSize(line.size()));
                offset += line.size() + 1;
                line.reset();
                left--;
            } else {
                line.write(next);
            }
        }
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
