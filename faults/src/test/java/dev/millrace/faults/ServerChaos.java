package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testkit.KafkaServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/**
 * What happens to the servers and the links to them: F08, F11, F12, F13, F20, F21 and F26. There is one broker and one
 * node, so a broker that is gone is all of Kafka, and no leader moves.
 */
class ServerChaos {

    private interface Fault {
        void inject(KafkaServer kafka, TcpProxy link) throws Exception;
    }

    /** Kafka behind a link of its own, which all clients use, the load's and the oracle's included. */
    private static void withKafka(String name, int times, Fault fault) throws Exception {
        try (TcpProxy link = new TcpProxy();
                KafkaServer kafka = Servers.kafkaOptions()
                        .property("advertised.listeners", "CLIENT://" + link.address())
                        .start()) {
            String address = kafka.bootstrapServers();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            link.leadTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try (Admin admin = Servers.admin(link.address());
                    Scene scene = new Scene(0.01, link.address(), admin)) {
                scene.load().start(500);
                List<Long> recoveries = new ArrayList<>();
                try (ChildPipeline pipeline = ChildPipeline.start(scene.next())) {
                    pipeline.awaitFirstAck();
                    for (int i = 0; i < times; i++) {
                        fault.inject(kafka, link);
                        long healed = System.currentTimeMillis();
                        Await.until(
                                "a row after " + name,
                                Duration.ofMinutes(2),
                                pipeline::output,
                                () -> pipeline.firstAckAfter(healed).isPresent());
                        recoveries.add(pipeline.firstAckAfter(healed).getAsLong() - healed);
                    }
                    assertThat(pipeline.isAlive()).as(pipeline.output()).isTrue();
                    pipeline.terminate();
                    pipeline.awaitExit();
                }
                scene.oracle().checkFrozenState(name);
                ChaosReport.add(new Outcome(name, times, scene.finish(scene.settings()), recoveries, scene.seed()));
            }
        }
    }

    @Test
    void shouldGoOnWhenTheBrokerIsKilledAndComesBack() throws Exception {
        withKafka("broker killed and restarted", ProcessChaos.scaled(5), (kafka, link) -> {
            kafka.kill();
            kafka.restart();
        });
    }

    @Test
    void shouldGoOnWhenTheBrokerIsAwayForLong() throws Exception {
        int seconds = ProcessChaos.scaled(120);
        withKafka("broker down for " + seconds + " s", 1, (kafka, link) -> {
            kafka.kill();
            Await.pass(seconds * 1_000L);
            kafka.restart();
        });
    }

    @Test
    void shouldGoOnWhenTheLinkToKafkaSwallowsEverything() throws Exception {
        int seconds = ProcessChaos.scaled(90);
        withKafka("link to Kafka swallows all for " + seconds + " s", 1, (kafka, link) -> {
            link.blackhole();
            Await.pass(seconds * 1_000L);
            link.heal();
        });
    }

    @Test
    void shouldGoOnWhenConnectionsToKafkaAreReset() throws Exception {
        withKafka("connections to Kafka reset", ProcessChaos.scaled(10), (kafka, link) -> {
            link.reset();
            Await.pass(1_000);
        });
    }

    @Test
    void shouldGoOnWhenTheLinkToKafkaIsNarrow() throws Exception {
        int seconds = ProcessChaos.scaled(60);
        withKafka("link to Kafka of 1 Mbit/s for " + seconds + " s", 1, (kafka, link) -> {
            link.bandwidth(125_000);
            Await.pass(seconds * 1_000L);
            link.heal();
        });
    }

    @Test
    void shouldWaitForCassandraForLong() throws Exception {
        ChaosReport.add(OutageIT.outage(Duration.ofSeconds(ProcessChaos.scaled(300))));
    }

    @Test
    void shouldMakeNoDeadLettersWhenCassandraIsSlowerThanTheTimeout() throws Exception {
        int seconds = ProcessChaos.scaled(120);
        try (TcpProxy link = new TcpProxy().leadTo(Servers.cassandra().contactPoint());
                Scene scene = new Scene(0)) {
            Settings settings =
                    scene.settings().with("cassandra", link.address()).with("requestMillis", 2_000);
            scene.load().start(500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                pipeline.awaitFirstAck();
                link.latency(5_000);
                pipeline.awaitNoted("unavailable", 1);
                Await.pass(seconds * 1_000L);
                link.heal();
                long healed = System.currentTimeMillis();
                Await.until(
                        "a row afterwards",
                        Duration.ofMinutes(2),
                        pipeline::output,
                        () -> pipeline.firstAckAfter(healed).isPresent());
                long recovery = pipeline.firstAckAfter(healed).getAsLong() - healed;
                scene.load().stop();
                scene.oracle().awaitAllCommitted(Duration.ofMinutes(3), pipeline::output);
                pipeline.terminate();
                pipeline.awaitExit();
                Oracle.Verdict verdict = scene.oracle().judge(scene.journals());
                assertThat(verdict.deadLetters()).isZero();
                ChaosReport.add(new Outcome(
                        "Cassandra 5 s away for " + seconds + " s, time-out 2 s",
                        1,
                        verdict,
                        List.of(recovery),
                        scene.seed()));
            }
        }
    }

    @Test
    void shouldGoOnWhenAColumnIsAdded() throws Exception {
        try (Scene scene = new Scene(0.01)) {
            scene.load().start(500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next())) {
                pipeline.awaitFirstAck();
                Servers.session()
                        .execute("ALTER TABLE faults." + scene.settings().text("table") + " ADD more text");
                long acks = pipeline.noted("ack");
                pipeline.awaitNoted("ack", acks + 1_000);
                pipeline.terminate();
                pipeline.awaitExit();
            }
            ChaosReport.add(new Outcome("column added", 1, scene.finish(scene.settings()), List.of(), scene.seed()));
        }
    }
}
