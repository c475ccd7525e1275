package dev.millrace.benchmarks.streams;

import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Rating;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.benchmarks.workload.Task;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.jspecify.annotations.Nullable;

/**
 * The job as a topology in two threads. A stream's {@code foreach} must have written before it returns, for its record
 * counts as processed then.
 */
final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        Task task = Task.ofProperties();
        LongAdder done = new LongAdder();
        try (CassandraInserts inserts = task.sink() == Task.SinkKind.CASSANDRA ? new CassandraInserts(task) : null;
                KafkaStreams streams =
                        new KafkaStreams(topology(task, inserts, done).build(), settings(task))) {
            streams.start();
            Stopwatch.await(task.records(), done::sum);
        }
    }

    private static Properties settings(Task task) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, task.group());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.kafka());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        return settings;
    }

    private static StreamsBuilder topology(Task task, @Nullable CassandraInserts inserts, LongAdder done) {
        StreamsBuilder builder = new StreamsBuilder();
        Job job = new Job();
        KStream<byte[], EnrichedRating> rows = builder.stream(
                        task.topic(), Consumed.with(Serdes.ByteArray(), ratings(job)))
                .mapValues(rating -> job.row(rating));
        switch (task.sink()) {
            case NONE -> rows.foreach((key, row) -> done.increment());
            case KAFKA ->
                rows.peek((key, row) -> done.increment())
                        .selectKey((key, row) -> row.userName())
                        .to(task.output(), Produced.with(Serdes.String(), rows(job)));
            case CASSANDRA ->
                rows.foreach((key, row) -> {
                    Objects.requireNonNull(inserts)
                            .write(row)
                            .toCompletableFuture()
                            .join();
                    done.increment();
                });
        }
        return builder;
    }

    private static Serde<Rating> ratings(Job job) {
        return Serdes.serdeFrom(
                (topic, rating) -> {
                    throw new UnsupportedOperationException();
                },
                (topic, json) -> job.rating(json));
    }

    private static Serde<EnrichedRating> rows(Job job) {
        return Serdes.serdeFrom((topic, row) -> job.json(row), (topic, json) -> {
            throw new UnsupportedOperationException();
        });
    }
}
