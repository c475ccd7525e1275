package dev.millrace.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Kafka's own consumer for tests, whose commits are answered when the test says so. */
final class HoldingConsumer extends MockConsumer<byte[], byte[]> {

    private record Request(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {}

    private final Queue<Request> requests = new ArrayDeque<>();
    final List<Map<TopicPartition, OffsetAndMetadata>> asyncCommits = new ArrayList<>();
    final List<Map<TopicPartition, OffsetAndMetadata>> syncCommits = new ArrayList<>();
    final Queue<RuntimeException> asyncFailures = new ArrayDeque<>();
    final Queue<RuntimeException> syncFailures = new ArrayDeque<>();
    /** What the group has, as a new owner finds it. */
    final Map<TopicPartition, OffsetAndMetadata> stored = new HashMap<>();

    HoldingConsumer() {
        super("none");
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        RuntimeException failure = asyncFailures.poll();
        if (failure != null) {
            throw failure;
        }
        asyncCommits.add(offsets);
        requests.add(new Request(offsets, callback));
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        while (!requests.isEmpty()) {
            answer(null); // as the real one: earlier requests are settled first
        }
        RuntimeException failure = syncFailures.poll();
        if (failure != null) {
            throw failure;
        }
        syncCommits.add(offsets);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(stored);
        committed.keySet().retainAll(partitions);
        return committed;
    }

    int unanswered() {
        return requests.size();
    }

    void answer(Exception failure) {
        Request request = requests.remove();
        request.callback().onComplete(request.offsets(), failure);
    }

    void add(TopicPartition partition, long offset, int epoch) {
        addRecord(new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                1_000L + offset,
                TimestampType.CREATE_TIME,
                1,
                2,
                new byte[] {(byte) offset},
                new byte[] {1, (byte) offset},
                new RecordHeaders().add("h", new byte[] {9}),
                Optional.of(epoch)));
    }
}
