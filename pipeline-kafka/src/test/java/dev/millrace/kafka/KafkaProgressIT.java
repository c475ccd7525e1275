package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done beyond a record that is stuck does not come again. */
class KafkaProgressIT {

    private static final int RECORDS = 2_500;

    private final Broker broker = Broker.shared();

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReadAgainOnlyWhatWasNotDoneWhenItIsAbandonedWithAKeyStuck(String protocol) {
        String topic = broker.newTopic(1);
        // Each its own key.
        broker.send(
                topic, 0, IntStream.range(0, RECORDS).mapToObj(String::valueOf).toArray(String[]::new));
        String name = "stuck-" + topic;
        List<String> stuck = List.of("0", "7", "1999");
        KafkaSource<String> source =
                broker.kafka().with("group.protocol", protocol).source(topic, Serdes.String());

        Queue<String> first = new ConcurrentLinkedQueue<>();
        RunningPipeline abandoned = start(name, source, value -> {
            first.add(value);
            return stuck.contains(value) ? new CompletableFuture<>() : WriteResult.alreadyWritten();
        });
        Collected.await("all but these are done", () -> first.size() == RECORDS, abandoned::explain);
        Collected.await(
                "that is committed while it runs, for whoever goes on after a kill",
                () -> runsCommitted(name, topic) == 3,
                () -> broker.commits(name) + abandoned.explain());
        abandoned.abandon();
        abandoned.close();
        assertThat(broker.committed(name, topic)).containsEntry(0, 0L);

        Queue<String> second = new ConcurrentLinkedQueue<>();
        try (RunningPipeline running = start(name, source, value -> {
            second.add(value);
            return WriteResult.alreadyWritten();
        })) {
            Collected.await(
                    "the end is committed",
                    () -> broker.committed(name, topic).get(0) == RECORDS,
                    () -> broker.commits(name) + running.explain());
            assertThat(running.stats().doneBefore()).isEqualTo(RECORDS - stuck.size());
        }
        assertThat(second).containsExactlyInAnyOrderElementsOf(stuck);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring:7", "done=1.;", "done=1.AAAAAAAA;topic-id=AAAA", "\u0000\ud83d\ude00"})
    void shouldReadAllOnWhenSomebodyElseWroteTheMetadata(String metadata) {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c");
        String name = "hostile-" + topic;
        String hostile = metadata.replace("AAAA", broker.topicId(topic).toString());
        broker.admin(admin -> admin.alterConsumerGroupOffsets(
                        name, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(1, hostile)))
                .all()
                .get());
        Queue<String> written = new ConcurrentLinkedQueue<>();
        try (RunningPipeline running = start(name, broker.kafka().source(topic, Serdes.String()), value -> {
            written.add(value);
            return WriteResult.alreadyWritten();
        })) {
            Collected.await(
                    "the end is committed",
                    () -> broker.committed(name, topic).get(0) == 3,
                    () -> broker.commits(name) + running.explain());
        }
        assertThat(written).containsExactlyInAnyOrder("b", "c");
    }

    private int runsCommitted(String group, String topic) {
        var commit = broker.commits(group).get(new TopicPartition(topic, 0));
        return CommitMetadata.done(commit.metadata(), commit.offset())
                .map(done -> done.runs().size())
                .orElse(0);
    }

    private static RunningPipeline start(
            String name, KafkaSource<String> source, Function<String, CompletionStage<WriteResult>> write) {
        Sink<String> sink = context -> batch -> write.apply(batch.get(0).value());
        return PipelineRunner.create()
                .commitInterval(Duration.ofMillis(100))
                .start(Pipeline.named(name)
                        .from(source)
                        .to(
                                sink,
                                StageOptions.with()
                                        .ordering(Ordering.PER_KEY)
                                        .batch(BatchPolicy.of(1, Duration.ZERO))
                                        .concurrency(8)));
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
