package dev.millrace.files.internal;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** Writes snapshots: of a batch the last one that can be written, since that would replace the others anyway. */
final class ReplacingWriter<T> implements SinkWriter<Collection<? extends T>> {

    private final Path path;
    private final SnapshotFormat<? super T> format;
    private final StageContext context;
    /** Held by the one thread that writes. */
    private final ReentrantLock writing = new ReentrantLock();

    private volatile boolean isClosed;

    ReplacingWriter(Path path, SnapshotFormat<? super T> format, StageContext context) {
        this.path = path;
        this.format = format;
        this.context = context;
    }

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<Collection<? extends T>>> batch) {
        return context.blocking(() -> {
            writing.lock();
            try {
                return replace(batch);
            } catch (IOException e) {
                throw TargetFile.unavailable(path, e);
            } finally {
                writing.unlock();
            }
        });
    }

    private WriteResult replace(List<PipelineRecord<Collection<? extends T>>> batch) throws IOException {
        Map<Integer, Throwable> refused = new HashMap<>();
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (isClosed) {
                throw new IOException("the pipeline has been closed");
            }
            try {
                replace(batch.get(i).value());
                break;
            } catch (RefusedRecordException e) {
                refused.put(i, e);
            }
        }
        return WriteResult.failed(refused);
    }

    private void replace(Collection<? extends T> snapshot) throws IOException {
        Path target = WholeFile.targetOf(path);
        WholeFile.write(target, stream -> format.write(target, snapshot, stream));
    }

    /** Does not wait for a snapshot that is being written; none that waits for its turn is. */
    @Override
    public void close() {
        isClosed = true;
    }
}
