package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a pipeline whose topic changes under it. */
class KafkaTopicIT {

    private final Broker broker = Broker.shared();
    private final Kafka kafka = broker.kafka().with("metadata.max.age.ms", 300);
    private final Collected collected = new Collected();

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldFailWhenItsTopicIsDeletedAndCreatedAgainAndReadAllOfTheNewOneAfterwards(String protocol)
            throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c");
        String name = "recreated-" + topic;
        KafkaSource<String> source = kafka.with("group.protocol", protocol).source(topic, Serdes.String());
        String former = broker.topicId(topic).toString();

        Set<String> later;
        try (RunningPipeline running = start(name, source)) {
            Collected.await(
                    "the end is committed",
                    () -> Long.valueOf(3).equals(broker.committed(name, topic).get(0)),
                    running::explain);
            broker.recreate(topic);
            later = send(topic, "new", 50);
            assertThatThrownBy(running::awaitTermination)
                    .isInstanceOf(PipelineFailedException.class)
                    .hasStackTraceContaining("topic '" + topic + "' was deleted and created again while it was read");
        }
        assertThat(broker.commits(name).values())
                .as("an offset committed before it was noticed says which topic it is of")
                .allMatch(offset -> offset.metadata().equals("topic-id=" + former));

        try (RunningPipeline running = start(name, source.continueOnDataLoss())) {
            Collected.await(
                    "all of the new topic is read",
                    () -> collected.distinct().containsAll(later),
                    () -> collected.distinct() + running.explain());
        }
    }

    @Test
    void shouldGoOnWithTheNewTopicFromItsFirstRecordWhenAskedTo() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c");
        String name = "going-on-" + topic;
        try (RunningPipeline running =
                start(name, kafka.source(topic, Serdes.String()).continueOnDataLoss())) {
            Collected.await("all is read", () -> collected.size() == 3, running::explain);
            broker.recreate(topic);
            Set<String> later = send(topic, "new", 20);
            Collected.await(
                    "all of the new topic is read",
                    () -> collected.distinct().containsAll(later),
                    () -> collected.distinct() + running.explain());
            Collected.await(
                    "its end is committed under its id",
                    () -> new OffsetAndMetadata(20, "topic-id=" + broker.topicId(topic))
                            .equals(withoutEpoch(broker.commits(name).get(new TopicPartition(topic, 0)))),
                    () -> broker.commits(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldSayThatATopicIsGoneAndReadTheOtherOnAndItTooOnceItIsThereAgain(String protocol) throws Exception {
        String gone = broker.newTopic(1);
        String other = broker.newTopic(1);
        broker.send(gone, 0, "a", "b", "c");
        broker.send(other, 0, "d");
        KafkaSource<String> source = kafka.with("group.protocol", protocol)
                .source(List.of(gone, other), Serdes.String())
                .continueOnDataLoss();
        try (RunningPipeline running = start("gone-" + gone, source)) {
            Collected.await("all is read", () -> collected.size() == 4, running::explain);
            // A worker that the machine does not let run for a second is not well, either.
            Collected.await("it is well", () -> running.health().status() == PipelineHealth.Status.UP, running::health);

            broker.delete(gone);
            String reason = "stage 'from': topic '" + gone + "' does not exist";
            Collected.await(
                    "it says what is gone", () -> running.health().reasons().contains(reason), running::health);
            assertThat(running.health().status()).isEqualTo(PipelineHealth.Status.DEGRADED);
            assertThat(running.explain()).contains(reason);
            broker.send(other, 0, "e");
            Collected.await("the other is read on", () -> collected.values().contains("e"), running::explain);

            broker.createAgain(gone);
            Set<String> later = send(gone, "new", 20);
            Collected.await(
                    "all of the new topic is read",
                    () -> collected.distinct().containsAll(later),
                    () -> collected.distinct() + running.explain());
            Collected.await(
                    "it is well again", () -> running.health().status() == PipelineHealth.Status.UP, running::health);
        }
    }

    @Test
    void shouldNotStartOnOffsetsOfATopicThatIsGone() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c");
        String name = "stale-" + topic;
        TopicPartition partition = new TopicPartition(topic, 0);
        OffsetAndMetadata stale = new OffsetAndMetadata(2, "topic-id=" + Uuid.randomUuid());
        broker.admin(admin -> admin.alterConsumerGroupOffsets(name, Map.of(partition, stale))
                .all()
                .get());
        KafkaSource<String> source = kafka.source(topic, Serdes.String()).from(StartPosition.latest());

        assertThatThrownBy(() -> start(name, source))
                .hasStackTraceContaining("topics [" + topic + "] were deleted and created again since group '" + name
                        + "' committed offsets for them");
        assertThat(broker.commits(name)).containsOnly(Map.entry(partition, stale));
        try (RunningPipeline running = start(name, source.continueOnDataLoss())) {
            Collected.await("all is read", () -> collected.size() == 3, running::explain);
        }
        assertThat(collected.values()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReadPartitionsAddedWhileItRunsAndWhileItDoesNotFromTheirFirstRecord(String protocol) throws Exception {
        String topic = broker.newTopic(12);
        String name = "growing-" + topic;
        KafkaSource<String> source = kafka.with("group.protocol", protocol)
                .source(topic, Serdes.String())
                .from(StartPosition.latest());
        Set<String> expected = new TreeSet<>();
        try (RunningPipeline running = start(name, source)) {
            expected.addAll(send(topic, "first", 60));
            Collected.await("the first are read", () -> collected.distinct().equals(expected), running::explain);
            broker.grow(topic, 18);
            expected.addAll(send(topic, "while running", 90));
            Collected.await(
                    "those of added partitions are read",
                    () -> collected.distinct().equals(expected),
                    running::explain);
        }
        broker.grow(topic, 24);
        expected.addAll(send(topic, "while down", 120));
        try (RunningPipeline running = start(name, source)) {
            expected.addAll(send(topic, "again", 120));
            Collected.await("all ids arrive", () -> collected.distinct().equals(expected), running::explain);
            Collected.await(
                    "all ends are committed",
                    () -> broker.committed(name, topic).values().stream()
                                    .mapToLong(offset -> offset)
                                    .sum()
                            == expected.size(),
                    () -> broker.committed(name, topic));
        }
        assertThat(collected.values()).as("and none twice").hasSameSizeAs(expected);
    }

    @Test
    void shouldCommitTheEndOfACompactedTopicWithAbortedTransactions() throws Exception {
        String topic = broker.newTopic(
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.ms", "100",
                        "min.cleanable.dirty.ratio", "0.01",
                        "max.compaction.lag.ms", "100"));
        String name = "compacted-" + topic;
        Map<String, String> expected = new TreeMap<>();
        Map<String, Object> config = Map.of("bootstrap.servers", broker.servers(), "transactional.id", "tx-" + topic);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (int i = 0; i < 60; i++) {
                boolean aborted = i % 10 > 6; // the last one too
                producer.beginTransaction();
                for (int key = 0; key < 5; key++) {
                    String value = (aborted ? "aborted-" : "v") + i;
                    producer.send(new ProducerRecord<>(topic, "k" + key, value)).get();
                    if (!aborted) {
                        expected.put("k" + key, value);
                    }
                }
                if (aborted) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        Collected.await(
                "the log is compacted",
                () -> broker.read(topic).size() < 150,
                () -> broker.read(topic).size());
        long end = broker.endOfTransactions(topic, 0);
        try (RunningPipeline running = start(name, kafka.source(topic, Serdes.String()))) {
            Collected.await(
                    "the end is committed",
                    () -> Long.valueOf(end).equals(broker.committed(name, topic).get(0)),
                    () -> broker.committed(name, topic) + " of " + end + running.explain());
        }
        Map<String, String> last = new TreeMap<>();
        collected.records().forEach(record -> last.put(new String((byte[]) record.key(), UTF_8), record.value()));
        assertThat(last).isEqualTo(expected);
        assertThat(collected.values()).noneMatch(value -> value.startsWith("aborted"));
    }

    private RunningPipeline start(String name, KafkaSource<String> source) {
        return PipelineRunner.create()
                .commitInterval(Duration.ofMillis(100))
                .start(Pipeline.named(name).from(source).to(collected.sink()));
    }

    /** Values of that many records, spread evenly over the topic's partitions. */
    private Set<String> send(String topic, String what, int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(what + "-" + i);
        }
        broker.spread(topic, values);
        return new TreeSet<>(values);
    }

    private static OffsetAndMetadata withoutEpoch(OffsetAndMetadata offset) {
        return offset == null ? null : new OffsetAndMetadata(offset.offset(), offset.metadata());
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
