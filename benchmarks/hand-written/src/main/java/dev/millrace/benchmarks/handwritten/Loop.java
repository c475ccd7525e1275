package dev.millrace.benchmarks.handwritten;

import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Task;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Polls, joins, writes without waiting, and commits every second as far as every record before is done. */
final class Loop implements Runnable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_NANOS = 1_000_000_000L;
    private static final int MOST_CHUNKS = 64;

    private final Task task;
    private final int pollRecords;
    private final Output output;
    private final Job job = new Job();
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long nextCommit = System.nanoTime() + COMMIT_NANOS;
    volatile boolean isStopped;

    Loop(Task task, int pollRecords, Output output) {
        this.task = task;
        this.pollRecords = pollRecords;
        this.output = output;
    }

    @Override
    public void run() {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, pollRecords);
        try (KafkaConsumer<byte[], byte[]> consumer = Consumers.of(task.kafka(), task.group(), settings)) {
            consumer.subscribe(List.of(task.topic()), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    commitAll(consumer);
                }
            });
            while (!isStopped) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                if (!polled.isEmpty()) {
                    Chunk chunk = new Chunk(polled);
                    chunks.add(chunk);
                    output.write(rows(polled), chunk);
                }
                while (chunks.size() >= MOST_CHUNKS) {
                    chunks.element().over.join();
                    commit(consumer);
                }
                if (System.nanoTime() - nextCommit > 0) {
                    nextCommit = System.nanoTime() + COMMIT_NANOS;
                    commit(consumer);
                }
            }
            commitAll(consumer);
        }
    }

    private List<EnrichedRating> rows(ConsumerRecords<byte[], byte[]> polled) {
        List<EnrichedRating> rows = new ArrayList<>(polled.count());
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            rows.add(job.row(record.value()));
        }
        return rows;
    }

    /** As far as all is done. */
    private void commit(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        while (!chunks.isEmpty() && chunks.element().over.isDone()) {
            Chunk first = chunks.remove();
            first.over.join();
            offsets.putAll(first.next);
        }
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, null);
        }
    }

    private void commitAll(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Chunk chunk : chunks) {
            chunk.over.join();
            offsets.putAll(chunk.next);
        }
        chunks.clear();
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets);
        }
    }
}
