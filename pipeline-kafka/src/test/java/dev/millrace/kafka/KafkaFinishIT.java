package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline that is asked to finish reads what its topics hold by then, and ends. */
class KafkaFinishIT {

    private static final int RECORDS = 300;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Broker broker = Broker.shared();
    private final String topic = broker.newTopic(3);
    private final Collected collected = new Collected();

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReadAllThatWasSentBeforeAndNextTimeOnlyWhatCameSince(String protocol) throws Exception {
        KafkaSource<String> source =
                broker.kafka().with("group.protocol", protocol).source(topic, Serdes.String());
        String[] first = numbers(0, RECORDS);
        broker.send(topic, 0, first);
        broker.send(topic, 1, "one");

        finish(start(source)); // before it can have any partition
        assertThat(collected.values()).hasSize(RECORDS + 1).contains("one").contains(first);
        assertThat(broker.committed(name(), topic)).containsAllEntriesOf(Map.of(0, (long) RECORDS, 1, 1L));

        RunningPipeline second = start(source);
        broker.send(topic, 1, "two");
        Collected.await("it has gone on", () -> collected.values().contains("two"), second::explain);
        broker.send(topic, 2, "three");
        finish(second);
        assertThat(collected.values()).hasSize(RECORDS + 3).contains("three");
        assertThat(broker.committed(name(), topic)).isEqualTo(Map.of(0, (long) RECORDS, 1, 2L, 2, 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldFinishInEachInstanceOfAGroup(String protocol) throws Exception {
        KafkaSource<String> source =
                broker.kafka().with("group.protocol", protocol).source(topic, Serdes.String());
        RunningPipeline one = start(source);
        RunningPipeline two = start(source);
        // Each finishes what it has: a partition between the two of them would be nobody's.
        Collected.await(
                "the partitions are shared out",
                () -> partitions(one) * partitions(two) == 2,
                () -> one.explain() + two.explain());
        for (int partition = 0; partition < 3; partition++) {
            broker.send(topic, partition, numbers(partition * RECORDS, RECORDS));
        }
        one.finish();
        two.finish();

        assertThat(one.awaitTermination(LIMIT)).as(one::explain).isTrue();
        assertThat(two.awaitTermination(LIMIT)).as(two::explain).isTrue();
        assertThat(collected.distinct()).hasSize(3 * RECORDS);
    }

    @Test
    void shouldFinishATopicThatHoldsNothing() throws Exception {
        finish(start(broker.kafka().source(topic, Serdes.String())));
        assertThat(collected.size()).isZero();
    }

    @Test
    void shouldFinishPartitionsThatAreReadWithoutAGroup() throws Exception {
        broker.send(topic, 2, "a", "b");
        finish(start(broker.kafka().source(topic, Serdes.String()).partitions(2)));
        assertThat(collected.values()).containsExactly("a", "b");
    }

    private RunningPipeline start(Source<String> source) {
        return PipelineRunner.create().start(Pipeline.named(name()).from(source).to(collected.sink()));
    }

    private static int partitions(RunningPipeline running) {
        return running.stats().partitions().size();
    }

    private String name() {
        return "finish-" + topic;
    }

    private static void finish(RunningPipeline running) throws InterruptedException {
        running.finish();
        assertThat(running.awaitTermination(LIMIT)).as(running::explain).isTrue();
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    private static String[] numbers(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(Integer::toString).toArray(String[]::new);
    }
}
