package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testkit.KafkaServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/**
 * What happens to the servers and the links to them: F08, F11, F12, F13, F20, F21 and F26. There is one broker and one
 * node, so a broker that is gone is all of Kafka, and no leader moves.
 */
class ServerChaos {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What a fault is injected into. */
    record Site(KafkaServer kafka, TcpProxy link, ChildPipeline pipeline, Recovery recovery) {}

    interface Fault {
        /** Lets the recovery begin with the fault, or where nothing can flow for as long as it lasts, with its end. */
        void inject(Site site) throws Exception;
    }

    private static void withKafka(String name, int times, Fault fault) throws Exception {
        withKafka(name, times, Servers.kafkaOptions(), settings -> settings, fault);
    }

    /** Kafka behind a link of its own, which all clients use, the load's and the oracle's included. */
    static void withKafka(
            String name, int times, KafkaServer.Builder options, UnaryOperator<Settings> change, Fault fault)
            throws Exception {
        try (TcpProxy link = new TcpProxy();
                KafkaServer kafka = options.property("advertised.listeners", "CLIENT://" + link.address())
                        .start()) {
            String address = kafka.bootstrapServers();
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            link.leadTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try (Admin admin = Servers.admin(link.address());
                    Scene scene = new Scene(0.01, link.address(), admin)) {
                scene.load().start(500);
                List<Long> recoveries = new ArrayList<>();
                try (ChildPipeline pipeline = ChildPipeline.start(scene.next(change.apply(scene.settings())))) {
                    pipeline.awaitFirstAck();
                    for (int i = 0; i < times; i++) {
                        Recovery recovery = new Recovery(scene.load());
                        fault.inject(new Site(kafka, link, pipeline, recovery));
                        recoveries.add(recovery.await(pipeline, PATIENCE));
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
        withKafka("broker killed and restarted", ProcessChaos.scaled(5), site -> {
            site.recovery().begins();
            site.kafka().kill();
            site.kafka().restart();
        });
    }

    @Test
    void shouldGoOnWhenTheBrokerIsAwayForLong() throws Exception {
        int seconds = ProcessChaos.scaled(120);
        withKafka("broker down for " + seconds + " s", 1, site -> {
            site.kafka().kill();
            Await.pass(seconds * 1_000L);
            site.recovery().begins();
            site.kafka().restart();
        });
    }

    @Test
    void shouldGoOnWhenTheLinkToKafkaSwallowsEverything() throws Exception {
        int seconds = ProcessChaos.scaled(90);
        withKafka("link to Kafka swallows all for " + seconds + " s", 1, site -> {
            site.link().blackhole();
            Await.pass(seconds * 1_000L);
            site.recovery().begins();
            site.link().heal();
        });
    }

    @Test
    void shouldGoOnWhenConnectionsToKafkaAreReset() throws Exception {
        withKafka("connections to Kafka reset", ProcessChaos.scaled(10), site -> {
            site.recovery().begins();
            site.link().reset();
            Await.pass(1_000);
        });
    }

    @Test
    void shouldGoOnWhenTheLinkToKafkaIsNarrow() throws Exception {
        int seconds = ProcessChaos.scaled(60);
        withKafka("link to Kafka of 1 Mbit/s for " + seconds + " s", 1, site -> {
            site.recovery().begins();
            site.link().bandwidth(125_000);
            Await.pass(seconds * 1_000L);
            site.link().heal();
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
                Recovery recovery = new Recovery(scene.load());
                recovery.begins();
                link.heal();
                long millis = recovery.await(pipeline, PATIENCE);
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
                        List.of(millis),
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
