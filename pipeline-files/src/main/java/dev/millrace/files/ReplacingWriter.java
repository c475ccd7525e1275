package dev.millrace.files;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writes snapshots: of a batch the last one that can be written, since that would replace the others anyway. */
final class ReplacingWriter<T> implements SinkWriter<Collection<? extends T>> {

    private final Path path;
    private final LineFormat<? super T> format;
    private final StageContext context;
    private volatile boolean isClosed;

    private ReplacingWriter(Path path, LineFormat<? super T> format, StageContext context) {
        this.path = path;
        this.format = format;
        this.context = context;
    }

    static <T> ReplacingWriter<T> open(Path path, LineFormat<? super T> format, StageContext context)
            throws IOException {
        try {
            ReplacedFile.check(path);
        } catch (IOException e) {
            throw TargetFile.named(path, e);
        }
        return new ReplacingWriter<>(path, format, context);
    }

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<Collection<? extends T>>> batch) {
        CompletableFuture<WriteResult> result = new CompletableFuture<>();
        context.blocking().execute(() -> {
            try {
                result.complete(replace(batch));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private synchronized WriteResult replace(List<PipelineRecord<Collection<? extends T>>> batch) {
        Map<Integer, Throwable> refused = new HashMap<>();
        for (int i = batch.size() - 1; i >= 0; i--) {
            try {
                if (isClosed) {
                    throw new IOException("the pipeline has been closed");
                }
                ReplacedFile.write(path, format, batch.get(i).value());
                break;
            } catch (RefusedRecordException e) {
                refused.put(i, e);
            } catch (IOException e) {
                throw TargetFile.unavailable(path, e);
            }
        }
        return WriteResult.failed(refused);
    }

    /** Does not wait for a snapshot that is being written; none that waits for its turn is. */
    @Override
    public void close() {
        isClosed = true;
    }
}
