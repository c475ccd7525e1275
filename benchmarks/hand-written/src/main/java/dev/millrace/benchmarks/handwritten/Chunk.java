package dev.millrace.benchmarks.handwritten;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What one poll has brought: done once each of its records is. */
final class Chunk {

    final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    final CompletableFuture<Void> over = new CompletableFuture<>();
    private final AtomicInteger open;

    Chunk(ConsumerRecords<byte[], byte[]> records) {
        open = new AtomicInteger(records.count());
        next.putAll(records.nextOffsets());
    }

    void done(int records) {
        if (open.addAndGet(-records) == 0) {
            over.complete(null);
        }
    }

    void failed(Throwable cause) {
        over.completeExceptionally(cause);
    }
}
