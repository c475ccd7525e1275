package dev.millrace.benchmarks.pekko;

import dev.millrace.benchmarks.workload.CassandraInserts;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.benchmarks.workload.Task;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.kafka.CommitterSettings;
import org.apache.pekko.kafka.ConsumerMessage;
import org.apache.pekko.kafka.ConsumerSettings;
import org.apache.pekko.kafka.ProducerMessage;
import org.apache.pekko.kafka.ProducerSettings;
import org.apache.pekko.kafka.Subscriptions;
import org.apache.pekko.kafka.javadsl.Committer;
import org.apache.pekko.kafka.javadsl.Consumer;
import org.apache.pekko.kafka.javadsl.Producer;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** The job as a stream; what is asynchronous keeps the order. */
final class Main {

    private static final int PARALLELISM = 512;

    private final Task task;
    private final ActorSystem system = ActorSystem.create("bench");
    private final Job job = new Job();
    private final LongAdder done = new LongAdder();

    private Main(Task task) {
        this.task = task;
    }

    public static void main(String[] args) throws Exception {
        Main main = new Main(Task.ofProperties());
        try (CassandraInserts inserts =
                main.task.sink() == Task.SinkKind.CASSANDRA ? new CassandraInserts(main.task) : null) {
            main.run(inserts);
        }
    }

    private void run(@Nullable CassandraInserts inserts) throws Exception {
        Consumer.DrainingControl<Done> control = switch (task.sink()) {
            case NONE ->
                rows().map(row -> {
                            done.increment();
                            return row.second();
                        })
                        .toMat(Committer.sink(committer()), Consumer::createDrainingControl)
                        .run(system);
            case KAFKA -> toKafka();
            case CASSANDRA ->
                rows().mapAsync(
                                PARALLELISM,
                                row -> Objects.requireNonNull(inserts)
                                        .write(row.first())
                                        .thenApply(written -> {
                                            done.increment();
                                            return row.second();
                                        }))
                        .toMat(Committer.sink(committer()), Consumer::createDrainingControl)
                        .run(system);
        };
        Stopwatch.await(task.records(), done::sum);
        control.drainAndShutdown(system.dispatcher()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        system.terminate();
    }

    private Consumer.DrainingControl<Done> toKafka() {
        ProducerSettings<String, byte[]> settings = ProducerSettings.create(
                        system, new StringSerializer(), new ByteArraySerializer())
                .withBootstrapServers(task.kafka());
        return rows().map(row -> ProducerMessage.single(
                        new ProducerRecord<>(task.output(), row.first().userName(), job.json(row.first())),
                        row.second()))
                .via(Producer.flexiFlow(settings))
                .map(result -> {
                    done.increment();
                    return result.passThrough();
                })
                .toMat(Committer.sink(committer()), Consumer::createDrainingControl)
                .run(system);
    }

    private Source<Pair<EnrichedRating, ConsumerMessage.CommittableOffset>, Consumer.Control> rows() {
        ConsumerSettings<byte[], byte[]> settings = ConsumerSettings.create(
                        system, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .withBootstrapServers(task.kafka())
                .withGroupId(task.group())
                .withStopTimeout(Duration.ZERO)
                .withProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return Consumer.committableSource(settings, Subscriptions.topics(task.topic()))
                .map(message -> Pair.create(job.row(message.record().value()), message.committableOffset()));
    }

    private CommitterSettings committer() {
        return CommitterSettings.create(system);
    }
}
