package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testkit.KafkaCluster;
import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What happens to one of three brokers: F08 and F09. Each event has three copies, two of which must be in sync, so that
 * nothing that was acknowledged is gone with a broker; what is lost is in {@link TruncationChaos}.
 */
class ClusterChaos {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BROKERS = 3;
    private static KafkaCluster cluster;
    private static Admin admin;
    private static Brokers brokers;

    @BeforeAll
    static void startBrokers() {
        cluster = KafkaCluster.builder().brokers(BROKERS).start();
        admin = Servers.admin(cluster.bootstrapServers());
        brokers = new Brokers(cluster, admin);
    }

    @AfterAll
    static void closeBrokers() {
        admin.close();
        cluster.close();
    }

    /** What a fault is injected into. */
    record Site(Scene scene, ChildPipeline pipeline) {

        /** Of the events that come by a broker. */
        Recovery recoveryOf(int broker) throws Exception {
            Set<TopicPartition> led = brokers.ledBy(broker, scene.settings().text("topic"));
            assertThat(led).as("led by broker %s", broker).isNotEmpty();
            return new Recovery(scene.load(), scene.load().keysIn(led)::contains);
        }
    }

    interface Fault {
        /** Injected so often, into brokers of which all were there; returns how long it took to recover. */
        long inject(Site site, int time) throws Exception;
    }

    private static void with(String name, String protocol, int times, Fault fault) throws Exception {
        try (Scene scene = new Scene(0.01, cluster.bootstrapServers(), admin)) {
            scene.load().start(500);
            List<Long> recoveries = new ArrayList<>();
            Settings settings =
                    scene.settings().with("protocol", protocol).with("sessionMillis", Brokers.SESSION_MILLIS);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                pipeline.awaitFirstAck();
                for (int time = 0; time < times; time++) {
                    brokers.awaitWhole();
                    recoveries.add(fault.inject(new Site(scene, pipeline), time));
                    scene.oracle().checkNothingGoesBack(name + ", time " + time);
                }
                brokers.awaitWhole();
                assertThat(pipeline.isAlive()).as(pipeline.output()).isTrue();
                assertThat(pipeline.dataLost()).as("told to be lost").isEmpty();
                pipeline.terminate();
                pipeline.awaitExit();
            }
            scene.oracle().checkFrozenState(name);
            Oracle.Verdict verdict = scene.finish(settings);
            assertThat(brokers.ends(settings.text("topic")))
                    .as("the end of each log, by what the producer was told")
                    .isEqualTo(scene.load().ends());
            ChaosReport.add(new Outcome(name, times, verdict, recoveries, scene.seed()));
        }
    }

    @Test
    void shouldGoOnWhenOneBrokerAfterTheOtherIsRestarted() throws Exception {
        with("each of 3 brokers restarted in turn", "classic", BROKERS * ProcessChaos.scaled(3), (site, time) -> {
            int id = 1 + time % BROKERS;
            Recovery recovery = site.recoveryOf(id);
            recovery.begins();
            cluster.broker(id).stop();
            long millis = recovery.await(site.pipeline(), PATIENCE);
            cluster.broker(id).restart();
            return millis;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldGoOnWhenALeaderIsKilled(String protocol) throws Exception {
        with("1 of 3 brokers killed, " + protocol, protocol, BROKERS * ProcessChaos.scaled(3), (site, time) -> {
            int id = 1 + time % BROKERS;
            Recovery recovery = site.recoveryOf(id);
            cluster.broker(id).kill();
            recovery.begins();
            long millis = recovery.await(site.pipeline(), PATIENCE);
            cluster.broker(id).restart();
            return millis;
        });
    }

    /** F09. It recovers when the group has committed what came to the brokers after that. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldCommitOnWhenTheCoordinatorIsKilled(String protocol) throws Exception {
        with(
                "1 of 3 brokers, the group's coordinator, killed, " + protocol,
                protocol,
                ProcessChaos.scaled(6),
                (site, time) -> {
                    Scene scene = site.scene();
                    String group = scene.settings().text("group");
                    int id = brokers.coordinator(group);
                    KafkaServer coordinator = cluster.broker(id);
                    coordinator.kill();
                    long killed = System.nanoTime();
                    Map<TopicPartition, Long> ends = scene.load().ends();
                    Await.until(
                            "a commit beyond " + ends,
                            PATIENCE,
                            site.pipeline()::output,
                            () -> scene.oracle().committed().entrySet().stream()
                                    .anyMatch(commit -> commit.getValue() > ends.getOrDefault(commit.getKey(), 0L)));
                    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
                    assertThat(brokers.coordinator(group))
                            .as("the coordinator now")
                            .isNotEqualTo(id);
                    coordinator.restart();
                    return millis;
                });
    }
}
