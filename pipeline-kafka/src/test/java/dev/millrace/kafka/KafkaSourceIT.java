package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSourceIT {

    private final Broker broker = Broker.shared();
    private final Kafka kafka = broker.kafka();

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldGoOnWhereTheGroupHasCommitted(String protocol) throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c");
        KafkaSource<String> source = kafka.with("group.protocol", protocol)
                .source(topic, Serdes.String())
                .group(Broker.newGroup());

        try (Reading<String> first = Reading.of(source)) {
            first.until(3);
            assertThat(first.values()).containsExactly("a", "b", "c");
            assertThat(first.context.events).containsExactly("assigned [" + topic + "-0]");
            first.reader.commit(Map.of(topic + "-0", 2L));
        }
        try (Reading<String> second = Reading.of(source)) {
            assertThat(second.until(1).values()).containsExactly("c");
        }
    }

    @Test
    void shouldNameTheGroupLikeThePipeline() throws Exception {
        String topic = broker.newTopic(2);
        broker.send(topic, 1, "a", "b");
        String pipeline = Broker.newGroup();
        try (Reading<String> reading = new Reading<>(kafka.source(topic, Serdes.String()), pipeline)) {
            assertThat(broker.committed(pipeline, topic))
                    .as("the start is committed before the first record")
                    .containsOnly(Map.entry(0, 0L), Map.entry(1, 0L));
            reading.until(2).commitAll();
        }
        assertThat(broker.committed(pipeline, topic)).containsOnly(Map.entry(0, 0L), Map.entry(1, 2L));
        assertThat(broker.commits(pipeline).get(new TopicPartition(topic, 1)).leaderEpoch())
                .isPresent();
    }

    @Test
    void shouldStartAtLatestOnceAndReadPartitionsThatAreAddedFromTheirFirstRecord() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "old");
        KafkaSource<String> source = kafka.with("metadata.max.age.ms", 500)
                .source(topic, Serdes.String())
                .group(Broker.newGroup())
                .from(StartPosition.latest());

        try (Reading<String> first = Reading.of(source)) {
            first.untilAssigned();
        }
        broker.send(topic, 0, "between");
        broker.grow(topic, 2);
        broker.send(topic, 1, "added while down");
        try (Reading<String> second = Reading.of(source)) {
            assertThat(second.until(2).values()).containsExactlyInAnyOrder("between", "added while down");
            broker.grow(topic, 3);
            broker.send(topic, 2, "added while running");
            assertThat(second.until(3).values()).endsWith("added while running");
        }
    }

    @Test
    void shouldStartAtATimestamp() throws Exception {
        String topic = broker.newTopic(2);
        for (int i = 0; i < 5; i++) {
            broker.send(new ProducerRecord<>(topic, 0, 1_000L + i, null, new byte[] {(byte) ('a' + i)}));
        }
        broker.send(new ProducerRecord<>(topic, 1, 500L, null, new byte[] {'x'}));
        KafkaSource<String> source = kafka.source(topic, Serdes.String())
                .group(Broker.newGroup())
                .from(StartPosition.timestamp(Instant.ofEpochMilli(1_003)));

        try (Reading<String> reading = Reading.of(source)) {
            reading.until(2);
            broker.send(topic, 1, "y");
            assertThat(reading.until(3).values()).containsExactly("d", "e", "y");
            assertThat(reading.records.get(0).timestamp()).contains(Instant.ofEpochMilli(1_003));
        }
    }

    @Test
    void shouldStartAtGivenOffsetsWhateverIsCommitted() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c", "d", "e");
        String group = Broker.newGroup();
        broker.commit(group, topic, Map.of(0, 5L));
        KafkaSource<String> source =
                kafka.source(topic, Serdes.String()).group(group).from(StartPosition.offsets(Map.of(0, 3L)));

        try (Reading<String> reading = Reading.of(source)) {
            assertThat(reading.until(2).values()).containsExactly("d", "e");
            assertThatThrownBy(() -> Reading.of(source))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(
                            "group '" + group + "' has running members, so its offsets cannot be set to");
        }
    }

    @Test
    void shouldReadAllAgainIgnoringWhatIsCommitted() throws Exception {
        String topic = broker.newTopic(2);
        broker.send(topic, 0, "a", "b");
        String group = Broker.newGroup();
        broker.commit(group, topic, Map.of(0, 2L));
        try (Reading<String> reading = Reading.of(kafka.source(topic, Serdes.String())
                .group(group)
                .from(StartPosition.earliest().ignoringCommitted()))) {
            assertThat(reading.until(2).values()).containsExactly("a", "b");
        }
    }

    @Test
    void shouldStartAtWhatIsCommittedOrNotAtAll() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b");
        String group = Broker.newGroup();
        KafkaSource<String> source =
                kafka.source(topic, Serdes.String()).group(group).from(StartPosition.committed());

        assertThatThrownBy(() -> Reading.of(source))
                .hasMessage("group '" + group + "' has committed no offset for topic '" + topic + "'");
        assertThatThrownBy(() -> Reading.of(source.partitions(0)).close()).isInstanceOf(IllegalStateException.class);
        broker.commit(group, topic, Map.of(0, 1L));
        try (Reading<String> reading = Reading.of(source)) {
            assertThat(reading.until(1).values()).containsExactly("b");
        }
    }

    @Test
    void shouldReadUntilTheEndThatThereWasAtTheStart() throws Exception {
        String topic = broker.newTopic(3);
        broker.send(topic, 0, "a", "b");
        broker.send(topic, 1, "c");
        KafkaSource<String> source = kafka.source(topic, Serdes.String()).untilEnd();

        List<String> expected = new ArrayList<>(List.of("a", "b", "c"));
        for (int run = 0; run < 2; run++) {
            try (Reading<String> reading = Reading.of(source)) {
                broker.send(topic, 0, "later" + run);
                reading.untilExhausted().commitAll();
                assertThat(reading.values())
                        .as("nothing was committed, and what came after the start is not read")
                        .containsExactlyInAnyOrderElementsOf(expected);
                assertThat(reading.context.events).isEmpty();
            }
            expected.add("later" + run);
        }
        try (Reading<String> reading = Reading.of(kafka.source(topic, Serdes.String())
                .from(StartPosition.latest())
                .untilEnd())) {
            assertThat(reading.untilExhausted().values()).isEmpty();
        }
    }

    @Test
    void shouldReadBoundedFromAnExplicitOffset() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "0", "1", "2", "3", "4");
        try (Reading<String> reading = Reading.of(kafka.source(topic, Serdes.String())
                .from(StartPosition.offsets(Map.of(0, 4L)))
                .untilEnd())) {
            assertThat(reading.untilExhausted().values()).containsExactly("4");
        }
    }

    @Test
    void shouldReadPartitionsOfItsOwnAndCommitThemToANamedGroup() throws Exception {
        String topic = broker.newTopic(3);
        broker.send(topic, 0, "no");
        broker.send(topic, 2, "a", "b");
        String group = Broker.newGroup();
        KafkaSource<String> source =
                kafka.source(topic, Serdes.String()).partitions(2).group(group);

        try (Reading<String> reading = Reading.of(source)) {
            assertThat(reading.until(2).values()).containsExactly("a", "b");
            reading.reader.commit(Map.of(topic + "-2", 1L));
        }
        assertThat(broker.committed(group, topic)).containsOnly(Map.entry(2, 1L));
        try (Reading<String> reading = Reading.of(source.untilEnd())) {
            assertThat(reading.untilExhausted().values()).containsExactly("b");
        }
        assertThatThrownBy(() -> Reading.of(source.partitions(0, 7)))
                .hasMessage("topic '" + topic + "' has no partition 7, only 3 partitions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReachTheEndOfATransactionalTopicAndCommitIt(String protocol) throws Exception {
        String topic = broker.newTopic(1);
        Map<String, Object> config = Map.of("bootstrap.servers", broker.servers(), "transactional.id", "tx-" + topic);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, "v" + i)).get();
                if (i % 3 == 2) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        String group = Broker.newGroup();
        Kafka with = kafka.with("group.protocol", protocol);
        long end = broker.endOfTransactions(topic, 0);
        assertThat(end).isEqualTo(12);
        try (Reading<String> reading =
                Reading.of(with.source(topic, Serdes.String()).group(group))) {
            reading.until(4).commitAll();
            reading.until(
                    "committed the end", () -> broker.committed(group, topic).get(0) == end);
            assertThat(reading.values()).containsExactly("v0", "v1", "v3", "v4");
        }
        try (Reading<String> reading =
                Reading.of(with.source(topic, Serdes.String()).untilEnd())) {
            assertThat(reading.untilExhausted().values()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldShareThePartitionsWithAnotherMemberAndCommitBeforeGivingThemUp(String protocol) throws Exception {
        String topic = broker.newTopic(4);
        for (int partition = 0; partition < 4; partition++) {
            broker.send(topic, partition, "a" + partition, "b" + partition);
        }
        String group = Broker.newGroup();
        KafkaSource<String> source = kafka.with("group.protocol", protocol)
                .source(topic, Serdes.String())
                .group(group);

        try (Reading<String> first = Reading.of(source)) {
            first.until(8);
            first.records.forEach(record -> first.context.done.merge(
                    record.partition(), record.offset() + 1, Math::max)); // done, not committed
            try (Reading<String> second = Reading.of(source)) {
                Set<String> given = new HashSet<>();
                second.until("been given partitions", () -> {
                    pollQuietly(first);
                    return second.context.events.stream().anyMatch(event -> event.contains(topic));
                });
                assertThat(first.context.events).anyMatch(event -> event.startsWith("revoked"));
                for (int partition = 0; partition < 4; partition++) {
                    broker.send(topic, partition, "c" + partition);
                }
                second.until("both read the rest", () -> {
                    pollQuietly(first);
                    return first.records.size() + second.records.size() >= 12;
                });
                second.records.forEach(record -> given.add(record.partition()));
                assertThat(second.values())
                        .as("what was done is not read again")
                        .allMatch(value -> value.startsWith("c"));
                assertThat(given).hasSize(2);
            }
            first.until("got all back", () -> first.context.events.size() >= 3);
        }
    }

    @Test
    void shouldStopWithTheExactGapWhenRetentionPassedTheGroup() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c", "d", "e");
        String group = Broker.newGroup();
        broker.commit(group, topic, Map.of(0, 1L));
        broker.deleteBefore(topic, 0, 4);
        KafkaSource<String> source = kafka.source(topic, Serdes.String()).group(group);

        try (Reading<String> reading = Reading.of(source)) {
            assertThatThrownBy(() -> reading.until(1))
                    .hasMessage(topic + "-0 has lost the offsets 1 to 3, 3 in all: its log begins at 4");
        }
        try (Reading<String> reading = Reading.of(source.continueOnDataLoss())) {
            assertThat(reading.until(1).values()).containsExactly("e");
            String name = topic + "-0";
            assertThat(reading.context.events)
                    .containsExactly("assigned [" + name + "]", "revoked [" + name + "]", "assigned [" + name + "]");
        }
    }

    @Test
    void shouldStopAtAnOffsetBeyondTheLog() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b");
        String group = Broker.newGroup();
        broker.commit(group, topic, Map.of(0, 50L));
        try (Reading<String> reading =
                Reading.of(kafka.source(topic, Serdes.String()).group(group))) {
            assertThatThrownBy(() -> reading.until(1))
                    .hasMessageStartingWith(topic + "-0 has lost the offsets 2 to 49, 48 in all: its log ends at 2");
        }
    }

    @Test
    void shouldReadSeveralTopicsWithKeysAndHeaders() throws Exception {
        String one = broker.newTopic(1);
        String other = broker.newTopic(1);
        broker.send(one, 0, "1");
        broker.send(other, 0, "2");
        KafkaSource<String> source =
                kafka.source(List.of(one, other), Serdes.String()).keys(Serdes.String());
        try (Reading<String> reading = Reading.of(source)) {
            reading.until(2);
            assertThat(reading.values()).containsExactlyInAnyOrder("1", "2");
            assertThat(reading.records).extracting(PipelineRecord::key).containsExactlyInAnyOrder("k1", "k2");
        }
    }

    @Test
    void shouldReadFiveMegabytesWithoutASetting() throws Exception {
        String topic = broker.newTopic(1, Map.of("max.message.bytes", Integer.toString(6 << 20)));
        byte[] large = new byte[5 << 20];
        large[large.length - 1] = 1;
        broker.send(new ProducerRecord<>(topic, large));
        broker.send(new ProducerRecord<>(topic, large));
        try (Reading<byte[]> reading = Reading.of(kafka.source(topic, Serdes.ByteArray()))) {
            reading.until(2);
            assertThat(reading.records.get(1).value()).isEqualTo(large);
            assertThat(reading.records.get(1).sizeInBytes()).isEqualTo(large.length);
        }
    }

    @Test
    void shouldFailOneRecordForATombstoneUnlessTombstonesAreSkipped() throws Exception {
        String topic = broker.newTopic(1);
        broker.send(new ProducerRecord<>(topic, new byte[] {1}, null));
        broker.send(topic, 0, "after");
        KafkaSource<String> source = kafka.source(topic, Serdes.String());
        try (Reading<String> reading = Reading.of(source)) {
            assertThatThrownBy(() -> reading.until(1)).isInstanceOf(RefusedRecordException.class);
        }
        try (Reading<String> reading = Reading.of(source.skipTombstones())) {
            assertThat(reading.until(1).values()).containsExactly("after");
        }
    }

    @Test
    void shouldSayThatATopicDoesNotExist() {
        assertThatThrownBy(() -> Reading.of(kafka.source("no-such-topic", Serdes.String())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("topic 'no-such-topic' does not exist on " + broker.servers());
        assertThatThrownBy(() -> Reading.of(kafka.source("not/a/topic", Serdes.String())))
                .hasMessage("'not/a/topic' cannot be the name of a topic");
    }

    @Test
    void shouldSayThatNoBrokerIsReachable() throws IOException {
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(0)); // so that nobody else listens there, either
            int silent = taken.getLocalPort();
            assertThatThrownBy(() -> Reading.of(Kafka.at("localhost:" + silent).source("t", Serdes.String())))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("no Kafka broker reachable at localhost:" + silent + " within 10 s");
        }
        assertThatThrownBy(
                        () -> Reading.of(Kafka.at("no.such.host.invalid:9092").source("t", Serdes.String())))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("no Kafka broker reachable");
    }

    private static void pollQuietly(Reading<?> reading) {
        try {
            reading.poll();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
