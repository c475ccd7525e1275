package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testkit.KafkaCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * F18: a copy that is not in sync becomes the leader, and so takes back what was acknowledged, read and committed. Each
 * event has two copies, of which one is enough. What the pipeline has written of what is gone stays in its table.
 */
class TruncationChaos {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LEADER = 1;
    private static final int FOLLOWER = 2;
    private static final int EVENTS = 1_200;

    private static KafkaCluster cluster;
    private static Admin admin;
    private static Brokers brokers;

    @BeforeAll
    static void startBrokers() {
        cluster = KafkaCluster.start();
        admin = Servers.admin(cluster.bootstrapServers());
        brokers = new Brokers(cluster, admin);
    }

    @AfterAll
    static void closeBrokers() {
        admin.close();
        cluster.close();
    }

    private static NewTopic topic(String name) {
        Map<Integer, List<Integer>> copies = IntStream.range(0, Scene.PARTITIONS)
                .boxed()
                .collect(Collectors.toMap(partition -> partition, partition -> List.of(LEADER, FOLLOWER)));
        return new NewTopic(name, copies).configs(Map.of("min.insync.replicas", "1"));
    }

    /** Where the logs were cut, and where they had ended. */
    private record Cut(Map<TopicPartition, Long> at, Map<TopicPartition, Long> end) {

        /** What has to be told of them: first and last offset. */
        Map<String, Set<String>> told() {
            Map<String, Set<String>> told = new HashMap<>();
            at.forEach(
                    (partition, from) -> told.put(partition.toString(), Set.of(from + "-" + (end.get(partition) - 1))));
            return told;
        }
    }

    /** Lets the pipeline commit events that the leader alone has, and has the follower lead without them. */
    private static Cut truncate(Scene scene, ChildPipeline pipeline) throws Exception {
        scene.load().send(EVENTS);
        scene.load().flush();
        brokers.awaitWhole();
        Map<TopicPartition, Long> copied = scene.load().ends();
        assertThat(copied).as("partitions with events").hasSize(Scene.PARTITIONS);
        cluster.broker(FOLLOWER).stop();
        sendBeyond(scene, copied);
        Map<TopicPartition, Long> ends = scene.load().ends();
        scene.oracle().awaitCommittedAll(ends, PATIENCE, pipeline::output);
        cluster.broker(LEADER).kill();
        cluster.broker(FOLLOWER).restart();
        brokers.electStale(copied.keySet());
        assertThat(brokers.ends(scene.settings().text("topic"))).isEqualTo(copied);
        scene.load().truncated(copied);
        return new Cut(copied, ends);
    }

    /** Until each partition has more than that. */
    private static void sendBeyond(Scene scene, Map<TopicPartition, Long> ends) {
        Set<TopicPartition> behind = new HashSet<>(ends.keySet());
        while (!behind.isEmpty()) {
            scene.load().send(EVENTS / 10);
            scene.load().flush();
            Map<TopicPartition, Long> now = scene.load().ends();
            behind.removeIf(partition -> now.getOrDefault(partition, 0L) > ends.get(partition));
        }
    }

    private static void assertFailed(ChildPipeline pipeline, Cut cut) throws Exception {
        pipeline.awaitExit();
        assertThat(pipeline.output()).contains(PipelineUnderTest.ENDED + "FAILED");
        // Where one partition ends it, others may not have been looked at yet.
        assertThat(pipeline.dataLost()).as(pipeline.output()).isNotEmpty();
        assertThat(cut.told()).containsAllEntriesOf(pipeline.dataLost());
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldFailAndTellWhatWasCutOffHoweverOftenItIsStarted(String protocol) throws Exception {
        brokers.awaitWhole();
        try (Scene scene = new Scene(0, cluster.bootstrapServers(), admin, TruncationChaos::topic)) {
            Settings settings =
                    scene.settings().with("protocol", protocol).with("sessionMillis", Brokers.SESSION_MILLIS);
            Cut cut;
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                cut = truncate(scene, pipeline);
                assertFailed(pipeline, cut);
            }
            assertThat(scene.oracle().committed()).as("as before").isEqualTo(cut.end());

            // Offsets alone cannot tell any more: at all that is committed there are events again.
            cluster.broker(LEADER).restart();
            sendBeyond(scene, cut.end());
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                assertFailed(pipeline, cut);
            }
            assertThat(scene.oracle().committed()).as("as before").isEqualTo(cut.end());

            goOn(scene, settings, cut);
            report("FAILED twice, then told to go on, " + protocol, scene);
        }
    }

    /** The restart of an operator who has seen what is lost. */
    private static void goOn(Scene scene, Settings settings, Cut cut) throws Exception {
        try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings.with("continueOnDataLoss", true)))) {
            scene.oracle().awaitCommittedAll(scene.load().ends(), PATIENCE, pipeline::output);
            assertThat(pipeline.dataLost()).as(pipeline.output()).isEqualTo(cut.told());
            pipeline.terminate();
            pipeline.awaitExit();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldGoOnWhereTheLogsPartWhenItIsToldTo(String protocol) throws Exception {
        brokers.awaitWhole();
        try (Scene scene = new Scene(0, cluster.bootstrapServers(), admin, TruncationChaos::topic)) {
            Settings settings = scene.settings()
                    .with("protocol", protocol)
                    .with("sessionMillis", Brokers.SESSION_MILLIS)
                    .with("continueOnDataLoss", true);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                Cut cut = truncate(scene, pipeline);
                Await.until(
                        "all that was cut off",
                        PATIENCE,
                        pipeline::output,
                        () -> pipeline.dataLost().equals(cut.told()));
                cluster.broker(LEADER).restart();
                sendBeyond(scene, cut.end());
                scene.oracle().awaitCommittedAll(scene.load().ends(), PATIENCE, pipeline::output);
                assertThat(pipeline.dataLost()).as(pipeline.output()).isEqualTo(cut.told());
                pipeline.terminate();
                pipeline.awaitExit();
            }
            report("told to go on, " + protocol, scene);
        }
    }

    private static void report(String what, Scene scene) throws Exception {
        scene.oracle().checkFrozenState(what);
        Oracle.Verdict verdict = scene.oracle().judge(scene.journals());
        ChaosReport.add(
                new Outcome("1 of 3 brokers elected with a stale copy: " + what, 1, verdict, List.of(), scene.seed()));
    }
}
