package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.WriteResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One batch of the engine on its way, answered once it is known of each row what became of it. Thread-safe. */
final class PendingWrite {

    private final Map<Integer, Throwable> failures = new ConcurrentHashMap<>();
    private final CompletableFuture<WriteResult> result = new CompletableFuture<>();
    private final AtomicInteger open;

    PendingWrite(int rows) {
        open = new AtomicInteger(rows);
        if (rows == 0) {
            result.complete(WriteResult.written());
        }
    }

    /** One of its rows has been written. */
    void written() {
        finishOne();
    }

    void failed(int index, Throwable cause) {
        failures.put(index, cause);
        finishOne();
    }

    private void finishOne() {
        if (open.decrementAndGet() == 0) {
            result.complete(WriteResult.failed(failures));
        }
    }

    CompletionStage<WriteResult> result() {
        return result;
    }
}
