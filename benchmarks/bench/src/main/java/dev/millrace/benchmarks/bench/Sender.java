package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Times;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends ratings when they are due, and at once what is late. */
final class Sender implements AutoCloseable {

    private static final long NANOS_IN_MICRO = 1_000;

    private final String topic;
    private final KafkaProducer<String, String> producer;
    private final Ratings ratings = new Ratings();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Sender(String kafka, String topic) {
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka, ProducerConfig.LINGER_MS_CONFIG, 0),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Sends so many at once. */
    void send(long records) {
        for (long i = 0; i < records; i++) {
            send();
        }
        producer.flush();
    }

    /** Sends so many, each when it is due. */
    void send(long records, Schedule schedule) {
        for (long i = 0; i < records; i++) {
            long due = schedule.dueMicros(i);
            for (long early = due - Times.now(); early > 0; early = due - Times.now()) {
                LockSupport.parkNanos(early * NANOS_IN_MICRO);
            }
            send();
        }
        producer.flush();
        Exception first = failure.get();
        if (first != null) {
            throw new BenchException("a record could not be sent: " + first);
        }
    }

    private void send() {
        var unused = producer.send(ratings.next(topic), (metadata, cause) -> {
            if (cause != null) {
                failure.compareAndSet(null, cause);
            }
        });
    }

    @Override
    public void close() {
        producer.close();
    }
}
