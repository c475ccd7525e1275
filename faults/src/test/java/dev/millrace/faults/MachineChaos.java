package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.testkit.CassandraServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the machine runs out of: F14, F29 and F51. Left out where it cannot be done. */
class MachineChaos {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void shouldGoOnWhenThereWereNoMoreOpenFiles() throws Exception {
        assumeTrue(Command.isThere("prlimit"), "there is no prlimit to limit the open files of a process with");
        int seconds = ProcessChaos.scaled(60);
        ServerChaos.withKafka(
                "no more open files for " + seconds + " s, connections to Kafka reset",
                1,
                Servers.kafkaOptions(),
                settings -> settings,
                site -> {
                    String pid = Long.toString(site.pipeline().pid());
                    String usual = Command.run("prlimit", "--pid", pid, "--nofile", "--output", "SOFT", "--noheadings");
                    // Fewer than are open: those stay, but no connection can be made anew.
                    Command.run("prlimit", "--pid", pid, "--nofile=8:");
                    site.link().reset();
                    Await.pass(seconds * 1_000L);
                    site.recovery().begins();
                    Command.run("prlimit", "--pid", pid, "--nofile=" + usual + ":");
                });
    }

    @Test
    void shouldGoOnWhenTheBrokersDiskWasFull() throws Exception {
        assumeTrue(SmallDisk.isPossible(), "mounting a small disk takes the rights of root");
        int seconds = ProcessChaos.scaled(60);
        try (SmallDisk disk = new SmallDisk(512)) {
            ServerChaos.withKafka(
                    "disk of the broker full for " + seconds + " s",
                    1,
                    Servers.kafkaOptions().dataDirectory(disk.directory().resolve("kafka")),
                    settings -> settings,
                    site -> {
                        disk.fill();
                        Await.until(
                                "the end of the broker",
                                PATIENCE,
                                site.pipeline()::output,
                                () -> !site.kafka().isRunning());
                        Await.pass(seconds * 1_000L);
                        disk.free();
                        site.recovery().begins();
                        site.kafka().restart();
                    });
        }
    }

    @Test
    void shouldGoOnWhenTheDiskOfTheCommitLogWasFull() throws Exception {
        assumeTrue(SmallDisk.isPossible(), "mounting a small disk takes the rights of root");
        int seconds = ProcessChaos.scaled(60);
        try (SmallDisk disk = new SmallDisk(256);
                CassandraServer cassandra = CassandraServer.builder()
                        .heapMegabytes(768)
                        .property(
                                "commitlog_directory",
                                disk.directory().resolve("commitlog").toString())
                        .property("commitlog_segment_size", "4MiB")
                        .start();
                CqlSession session = Servers.session(cassandra);
                Scene scene = new Scene(0, cassandra, session)) {
            scene.load().start(500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next())) {
                pipeline.awaitFirstAck();
                disk.fill();
                pipeline.awaitNoted("unavailable", 1);
                Await.pass(seconds * 1_000L);
                disk.free();
                Recovery recovery = new Recovery(scene.load());
                recovery.begins();
                cassandra.kill();
                cassandra.restart();
                long millis = recovery.await(pipeline, PATIENCE);
                scene.load().stop();
                scene.oracle().awaitAllCommitted(PATIENCE, pipeline::output);
                pipeline.terminate();
                pipeline.awaitExit();
                Oracle.Verdict verdict = scene.oracle().judge(scene.journals());
                assertThat(verdict.deadLetters()).isZero();
                ChaosReport.add(new Outcome(
                        "disk of Cassandra's commit log full for " + seconds + " s",
                        1,
                        verdict,
                        List.of(millis),
                        scene.seed()));
            }
        }
    }
}
