package dev.millrace.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends events of some hundred keys, seeded, and remembers what Kafka has acknowledged: by partition and offset the
 * event that is there. One in a hundred is poisoned where asked for.
 */
final class Load implements AutoCloseable {

    static final int KEYS = 200;
    private static final int TICK_MILLIS = 50;
    private static final int PAD = 100;

    private final String topic;
    private final Random random;
    private final double poison;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Long> seqs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, NavigableMap<Long, Sent>> sent = new ConcurrentHashMap<>();
    private long number;
    private @Nullable ScheduledFuture<?> ticking;

    /** An event that Kafka has, with the bytes it has. */
    record Sent(Event event, byte[] bytes) {

        boolean isPoisoned() {
            return !event.isSound();
        }

        boolean isByteIdentical(byte[] other) {
            return Arrays.equals(bytes, other);
        }
    }

    Load(String bootstrapServers, String topic, long seed, double poison) {
        this.topic = topic;
        this.random = new Random(seed);
        this.poison = poison;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "delivery.timeout.ms", 600_000, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Begins to send about so many a second. */
    Load start(int recordsPerSecond) {
        int each = Math.max(1, recordsPerSecond * TICK_MILLIS / 1_000);
        ticking = clock.scheduleAtFixedRate(() -> send(each), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    /** Sends no more, and waits until Kafka has all. */
    void stop() throws InterruptedException {
        if (ticking != null) {
            ticking.cancel(false);
        }
        clock.shutdown();
        if (!clock.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new AssertionError("the load does not end");
        }
        producer.flush();
    }

    void send(int count) {
        for (int i = 0; i < count; i++) {
            String key = "k" + random.nextInt(KEYS);
            send(key, random.nextDouble() < poison);
        }
    }

    Event send(String key, boolean isPoisoned) {
        long seq = seqs.merge(key, 1L, Long::sum);
        Event event = Event.of(key, seq, "e" + number++, "x".repeat(random.nextInt(PAD)));
        Event sending = isPoisoned ? event.poisoned() : event;
        byte[] bytes = sending.json();
        Future<?> unused = producer.send(
                new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), bytes), (metadata, failure) -> {
                    if (failure == null) {
                        sent.computeIfAbsent(
                                        new TopicPartition(metadata.topic(), metadata.partition()),
                                        partition -> new ConcurrentSkipListMap<>())
                                .put(metadata.offset(), new Sent(sending, bytes));
                    }
                });
        return sending;
    }

    void flush() {
        producer.flush();
    }

    Map<TopicPartition, NavigableMap<Long, Sent>> sent() {
        return sent;
    }

    /** By key, the last sequence number given so far. */
    Map<String, Long> seqs() {
        return Map.copyOf(seqs);
    }

    /** By partition, the offset behind the last event that Kafka has so far. */
    Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        sent.forEach((partition, events) -> ends.put(partition, events.lastKey() + 1));
        return ends;
    }

    long count() {
        return sent.values().stream().mapToLong(Map::size).sum();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        producer.close(Duration.ofSeconds(5));
    }
}
