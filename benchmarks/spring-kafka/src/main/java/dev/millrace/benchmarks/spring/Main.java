package dev.millrace.benchmarks.spring;

import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.benchmarks.workload.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;

/** The job as a batch listener in two threads, which waits for all that it has begun before it returns. */
final class Main {

    private final Job job;
    private final LongAdder done = new LongAdder();
    private final Function<EnrichedRating, CompletableFuture<?>> output;

    private Main(Job job, Function<EnrichedRating, CompletableFuture<?>> output) {
        this.job = job;
        this.output = output;
    }

    public static void main(String[] args) throws Exception {
        Task task = Task.ofProperties();
        switch (task.sink()) {
            case NONE -> new Main(new Job(), row -> CompletableFuture.completedFuture(null)).run(task);
            case KAFKA -> toKafka(task);
            case CASSANDRA -> {
                try (CassandraInserts inserts = new CassandraInserts(task)) {
                    new Main(new Job(), row -> inserts.write(row).toCompletableFuture()).run(task);
                }
            }
        }
    }

    private static void toKafka(Task task) throws Exception {
        DefaultKafkaProducerFactory<String, byte[]> producers = new DefaultKafkaProducerFactory<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, task.kafka()),
                new StringSerializer(),
                new ByteArraySerializer());
        KafkaTemplate<String, byte[]> template = new KafkaTemplate<>(producers);
        Job job = new Job();
        try {
            new Main(job, row -> template.send(task.output(), row.userName(), job.json(row))).run(task);
        } finally {
            producers.destroy();
        }
    }

    private void run(Task task) throws InterruptedException {
        ContainerProperties properties = new ContainerProperties(task.topic());
        properties.setGroupId(task.group());
        properties.setMessageListener((BatchMessageListener<byte[], byte[]>) this::received);
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                task.kafka(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                properties);
        container.setConcurrency(2);
        container.start();
        Stopwatch.await(task.records(), done::sum);
        container.stop();
    }

    private void received(List<ConsumerRecord<byte[], byte[]>> records) {
        List<CompletableFuture<?>> begun = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            begun.add(output.apply(job.row(record.value())));
        }
        begun.forEach(CompletableFuture::join);
        done.add(records.size());
    }
}
