package dev.millrace.benchmarks.handwritten;

import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Task;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends rows as JSON, with the settings given. */
final class KafkaOutput implements Output {

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Job job = new Job();
    private final LongAdder done;

    KafkaOutput(Task task, Map<String, Object> settings, LongAdder done) {
        this.topic = task.output();
        this.done = done;
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, task.kafka());
        this.producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told as well
    public void write(List<EnrichedRating> rows, Chunk chunk) {
        for (EnrichedRating row : rows) {
            byte[] key = row.userName().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, key, job.json(row)), (metadata, failure) -> {
                if (failure == null) {
                    done.increment();
                    chunk.done(1);
                } else {
                    chunk.failed(failure);
                }
            });
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
