package dev.millrace.files;

import dev.millrace.files.internal.TargetFile;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Adds the lines of a batch to a file in one write, and opens the file anew where it is not what it was. */
final class AppendingWriter<T> implements SinkWriter<T> {

    private final Path path;
    private final LineFormat<? super T> format;
    private final StageContext context;
    /** Held by the one thread that writes. */
    private final ReentrantLock writing = new ReentrantLock();

    private @Nullable AppendedFile file;
    private volatile boolean isClosed;

    private AppendingWriter(Path path, LineFormat<? super T> format, StageContext context) {
        this.path = path;
        this.format = format;
        this.context = context;
    }

    static <T> AppendingWriter<T> open(Path path, LineFormat<? super T> format, StageContext context)
            throws IOException {
        AppendingWriter<T> writer = new AppendingWriter<>(path, format, context);
        try {
            writer.file();
        } catch (IOException e) {
            throw TargetFile.named(path, e);
        }
        return writer;
    }

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) {
        return context.blocking(() -> append(batch));
    }

    private WriteResult append(List<PipelineRecord<T>> batch) {
        Map<Integer, Throwable> refused = new HashMap<>();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < batch.size(); i++) {
            try {
                lines.writeBytes(format.line(batch.get(i).value()));
            } catch (RefusedRecordException e) {
                refused.put(i, e);
            }
        }
        if (lines.size() > 0) {
            append(lines.toByteArray());
        }
        return WriteResult.failed(refused);
    }

    private void append(byte[] lines) {
        writing.lock();
        try {
            file().append(lines);
        } catch (IOException e) {
            throw TargetFile.unavailable(path, e);
        } finally {
            writing.unlock();
            closeIfAsked();
        }
    }

    private AppendedFile file() throws IOException {
        AppendedFile known = file;
        if (isClosed) {
            throw new IOException("the pipeline has been closed");
        }
        if (known != null && known.isSound()) {
            return known;
        }
        if (known != null) {
            file = null;
            known.close();
        }
        AppendedFile opened = AppendedFile.open(path, format, "[" + context.pipeline() + "|" + context.stage() + "]");
        file = opened;
        return opened;
    }

    /** Does not wait for a write that hangs: whoever is writing closes the file after it. */
    @Override
    public void close() {
        isClosed = true;
        closeIfAsked();
    }

    private void closeIfAsked() {
        if (!isClosed || !writing.tryLock()) {
            return;
        }
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // What was acknowledged is on the device.
        } finally {
            writing.unlock();
        }
    }
}
