package dev.millrace.benchmarks.parallel;

import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.benchmarks.workload.Task;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.PollContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The job key by key, each record in a thread of a pool until it is written. */
final class Main {

    private static final int CONCURRENCY = 64;

    private final Job job = new Job();
    private final LongAdder done = new LongAdder();

    private Main() {}

    public static void main(String[] args) throws Exception {
        new Main().run(Task.ofProperties());
    }

    private void run(Task task) throws InterruptedException {
        Map<String, Object> producer = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, task.kafka());
        try (CassandraInserts inserts = task.sink() == Task.SinkKind.CASSANDRA ? new CassandraInserts(task) : null;
                ParallelStreamProcessor<byte[], byte[]> processor = ParallelStreamProcessor.createEosStreamProcessor(
                        ParallelConsumerOptions.<byte[], byte[]>builder()
                                .ordering(ProcessingOrder.KEY)
                                .maxConcurrency(CONCURRENCY)
                                .consumer(Consumers.of(task.kafka(), task.group()))
                                .producer(new KafkaProducer<>(
                                        producer, new ByteArraySerializer(), new ByteArraySerializer()))
                                .build())) {
            processor.subscribe(List.of(task.topic()));
            switch (task.sink()) {
                case NONE ->
                    processor.poll(context -> {
                        row(context);
                        done.increment();
                    });
                case KAFKA ->
                    processor.pollAndProduce(
                            context -> new ProducerRecord<>(task.output(), context.key(), job.json(row(context))),
                            produced -> done.increment());
                case CASSANDRA ->
                    processor.poll(context -> {
                        inserts.write(row(context)).toCompletableFuture().join();
                        done.increment();
                    });
            }
            Stopwatch.await(task.records(), done::sum);
        }
    }

    private EnrichedRating row(PollContext<byte[], byte[]> context) {
        return job.row(context.value());
    }
}
