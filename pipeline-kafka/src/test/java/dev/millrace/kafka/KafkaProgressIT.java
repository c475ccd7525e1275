package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.testkit.KafkaServer;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done beyond a record that is stuck does not come again. */
class KafkaProgressIT {

    private static final int RECORDS = 1_000;

    private final Broker broker = Broker.shared();

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReadAgainOnlyWhatWasNotDoneHoweverOftenItIsAbandonedWithAKeyStuck(String protocol) {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, numbers());
        String name = "stuck-" + topic;
        KafkaSource<String> source =
                broker.kafka().with("group.protocol", protocol).source(topic, Serdes.String());

        List<String> all = List.of(numbers());
        assertThat(writtenUntilAbandoned(name, source, topic, List.of("0", "7", "799"), RECORDS))
                .containsExactlyInAnyOrderElementsOf(all);
        assertThat(writtenUntilAbandoned(name, source, topic, List.of("0"), 3))
                .containsExactlyInAnyOrder("0", "7", "799");
        assertThat(writtenUntilAbandoned(name, source, topic, List.of("0"), 1)).containsExactly("0");
        assertThat(broker.committed(name, topic)).containsEntry(0, 0L);

        assertThat(writtenToTheEnd(name, source, topic)).containsExactly("0");
    }

    /** What comes to the sink until as much as is not stuck is known to the group to be done. */
    private Queue<String> writtenUntilAbandoned(
            String name, KafkaSource<String> source, String topic, List<String> stuck, int expected) {
        Queue<String> written = new ConcurrentLinkedQueue<>();
        RunningPipeline running = start(name, source, value -> {
            written.add(value);
            return stuck.contains(value) ? new CompletableFuture<>() : WriteResult.alreadyWritten();
        });
        Collected.await(
                "all but what is stuck is kept as done",
                () -> written.size() >= expected && doneBeyond(name, topic) == RECORDS - stuck.size(),
                () -> broker.commits(name) + running.explain());
        running.abandon();
        running.close();
        return written;
    }

    private Queue<String> writtenToTheEnd(String name, KafkaSource<String> source, String topic) {
        Queue<String> written = new ConcurrentLinkedQueue<>();
        try (RunningPipeline running = start(name, source, value -> {
            written.add(value);
            return WriteResult.alreadyWritten();
        })) {
            Collected.await(
                    "the end is committed",
                    () -> Long.valueOf(broker.end(topic, 0))
                            .equals(broker.committed(name, topic).get(0)),
                    () -> broker.commits(name) + running.explain());
        }
        return written;
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
        assertThat(writtenToTheEnd(name, broker.kafka().source(topic, Serdes.String()), topic))
                .containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void shouldReadAllOfATopicThatWasCreatedAgain() {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, numbers());
        String name = "another-" + topic;
        KafkaSource<String> source =
                broker.kafka().source(topic, Serdes.String()).continueOnDataLoss();
        writtenUntilAbandoned(name, source, topic, List.of("0"), RECORDS);
        broker.recreate(topic);
        broker.send(topic, 0, numbers());

        assertThat(writtenToTheEnd(name, source, topic)).containsExactlyInAnyOrder(numbers());
    }

    @Test
    void shouldCommitOffsetsAloneToABrokerThatTakesLessMetadata() {
        try (KafkaServer server = KafkaServer.builder()
                .property("offset.metadata.max.bytes", "40")
                .property("group.initial.rebalance.delay.ms", "0")
                .start()) {
            Broker sparing = Broker.of(server);
            String topic = sparing.newTopic(1);
            sparing.send(topic, 0, "a", "b", "stuck", "c", "d");
            Queue<String> written = new ConcurrentLinkedQueue<>();
            CompletableFuture<WriteResult> answer = new CompletableFuture<>();
            try (LogCapture log = new LogCapture();
                    RunningPipeline running =
                            start("sparing", sparing.kafka().source(topic, Serdes.String()), value -> {
                                written.add(value);
                                return value.equals("stuck") ? answer : WriteResult.alreadyWritten();
                            })) {
                Collected.await("it was refused", () -> log.text().contains("cannot keep"), running::explain);
                Collected.await(
                        "what precedes the record is committed",
                        () -> Long.valueOf(2)
                                .equals(sparing.committed("sparing", topic).get(0)),
                        () -> sparing.commits("sparing") + running.explain());
                answer.complete(WriteResult.written());
                Collected.await(
                        "the end is committed",
                        () -> Long.valueOf(5)
                                .equals(sparing.committed("sparing", topic).get(0)),
                        () -> sparing.commits("sparing") + running.explain());
                assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
                assertThat(log.text()).containsOnlyOnce("cannot keep what is done beyond the offsets");
            }
            assertThat(written).containsExactlyInAnyOrder("a", "b", "stuck", "c", "d");
        }
    }

    private static String[] numbers() {
        return IntStream.range(0, RECORDS).mapToObj(String::valueOf).toArray(String[]::new);
    }

    /** How many offsets the group knows to be done beyond its offset. */
    private long doneBeyond(String group, String topic) {
        OffsetAndMetadata commit = broker.commits(group).get(new TopicPartition(topic, 0));
        if (commit == null) {
            return 0;
        }
        return CommitMetadata.done(commit.metadata(), broker.topicId(topic).toString(), commit.offset()).stream()
                .flatMap(done -> done.runs().stream())
                .mapToLong(run -> run.to() - run.from() + 1)
                .sum();
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
