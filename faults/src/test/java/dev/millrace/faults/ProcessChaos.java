package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What happens to the process: F01, F03, F04, F05, F38 and F52. Lasts as {@code millrace.chaos.scale} says; 1 is all of
 * it.
 */
class ProcessChaos {

    private static final double SCALE = Double.parseDouble(System.getProperty("millrace.chaos.scale", "1"));

    static int scaled(int count) {
        return Math.max(1, (int) (count * SCALE));
    }

    @ParameterizedTest
    @CsvSource({"classic, stranger", "classic, same", "consumer, stranger", "consumer, same"})
    void shouldLoseNothingInSeventyFiveKills(String protocol, String member) throws Exception {
        ChaosReport.add(Kills.of(protocol, member, scaled(75), 500));
    }

    @Test
    void shouldLoseNothingWhenKilledWithWritesUnderWay() throws Exception {
        try (TcpProxy proxy = new TcpProxy().leadTo(Servers.cassandra().contactPoint())) {
            proxy.latency(150);
            ChaosReport.add(Kills.of(
                    "kill -9, Cassandra 300 ms away",
                    scaled(30),
                    500,
                    settings -> settings.with("cassandra", proxy.address())));
        }
    }

    @Test
    void shouldCommitNothingAsAZombie() throws Exception {
        int times = scaled(3);
        try (Scene scene = new Scene(0.01)) {
            scene.load().start(500);
            List<Long> recoveries = new ArrayList<>();
            long lateWrites = 0;
            try (ChildPipeline zombie = ChildPipeline.start(scene.next());
                    ChildPipeline other = ChildPipeline.start(scene.next())) {
                zombie.awaitFirstAck();
                other.awaitFirstAck();
                for (int i = 1; i <= times; i++) {
                    long lost = zombie.noted("lost");
                    long before = other.noted("assigned");
                    zombie.signal("STOP");
                    long stopped = System.currentTimeMillis();
                    other.awaitNoted("assigned", before + 1);
                    recoveries.add(System.currentTimeMillis() - stopped);
                    Await.pass(30_000);
                    zombie.signal("CONT");
                    long woken = System.currentTimeMillis();
                    zombie.awaitNoted("lost", lost + 1);
                    lateWrites += lateWrites(zombie, woken);
                    scene.oracle().checkNothingGoesBack("with the zombie back");
                    // It comes back and takes part again.
                    long acks = zombie.noted("ack");
                    zombie.awaitNoted("ack", acks + 1);
                }
                scene.oracle().checkNothingGoesBack("with the zombie at work");
                zombie.terminate();
                other.terminate();
                zombie.awaitExit();
                other.awaitExit();
            }
            scene.oracle().checkFrozenState("zombie");
            ChaosReport.add(new Outcome(
                    "SIGSTOP 30 s beside another instance, " + lateWrites + " late writes of the one stopped",
                    times,
                    scene.finish(scene.settings()),
                    recoveries,
                    scene.seed()));
        }
    }

    /** Rows that it had acknowledged after it woke and before it heard that its partitions are another's. */
    private static long lateWrites(ChildPipeline zombie, long woken) throws IOException {
        return zombie.journalLines().stream()
                .filter(line -> line.millis() >= woken)
                .takeWhile(line -> !line.key().equals("lost"))
                .filter(line -> line.what().equals("ack"))
                .count();
    }

    @ParameterizedTest
    @CsvSource({
        "classic, ''",
        "classic, org.apache.kafka.clients.consumer.RangeAssignor",
        "consumer, ''",
    })
    void shouldLoseNothingInALongStorm(String protocol, String assignor) throws Exception {
        Outcome outcome = StormIT.storm(protocol, assignor, 4, Duration.ofSeconds(scaled(600)));
        assertThat(outcome.verdict().duplicates()).as("I5").isLessThanOrEqualTo(StormIT.tolerated(outcome.verdict()));
        ChaosReport.add(outcome);
    }

    /** It goes on, or ends in FAILED and says why; then another takes its place. */
    @Test
    void shouldLoseNothingWhenItsThreadsAreInterrupted() throws Exception {
        int interrupts = scaled(1_000);
        try (Scene scene = new Scene(0.01)) {
            scene.load().start(500);
            long injected = 0;
            int ended = 0;
            while (injected < interrupts) {
                long missing = interrupts - injected;
                Settings settings = scene.settings().with("interrupts", missing).with("seed", scene.seed() + ended);
                try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                    awaitEndOr(pipeline, PipelineUnderTest.INTERRUPT, missing);
                    awaitEndOr(pipeline, "ack", pipeline.noted("ack") + 1);
                    if (pipeline.isAlive()) {
                        pipeline.terminate();
                        pipeline.awaitExit();
                    } else {
                        pipeline.awaitExit();
                        ended++;
                        assertThat(pipeline.output()).contains(PipelineUnderTest.ENDED + "FAILED");
                    }
                    injected += pipeline.noted(PipelineUnderTest.INTERRUPT);
                }
                scene.oracle().checkFrozenState("interrupted");
            }
            ChaosReport.add(new Outcome(
                    "threads interrupted, %d times FAILED of it".formatted(ended),
                    (int) injected,
                    scene.finish(scene.settings()),
                    List.of(),
                    scene.seed()));
        }
    }

    private static void awaitEndOr(ChildPipeline pipeline, String what, long count) throws Exception {
        Await.until(
                count + " times '" + what + "'",
                Duration.ofMinutes(10),
                pipeline::output,
                () -> !pipeline.isAlive() || pipeline.noted(what) >= count);
    }

    @Test
    void shouldStayWithinASmallHeapWhenTheSinkIsSlow() throws Exception {
        int megabytes = 128;
        int seconds = scaled(600);
        try (Scene scene = new Scene(0)) {
            Settings settings = scene.settings()
                    .with("heapMegabytes", megabytes)
                    .with("maxInFlight", 20_000)
                    .with("sinkRecordsPerSecond", 100)
                    .with("collecting", true);
            scene.load().send(100_000);
            scene.load().flush();
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                pipeline.awaitFirstAck();
                Await.pass(seconds * 1_000L);
                assertThat(pipeline.isAlive()).as(pipeline.output()).isTrue();
                long acks = pipeline.noted("ack");
                assertThat(acks).as("rows in %s s", seconds).isBetween(seconds * 80L, (seconds + 10) * 120L);
                assertThat(pipeline.greatest(PipelineUnderTest.HEAP))
                        .as("I4 heap after a full collection")
                        .isPositive()
                        .isLessThan(((long) megabytes << 20) * 9 / 10);
                assertThat(pipeline.greatest(PipelineUnderTest.COLLECTIONS))
                        .as("milliseconds of %s s spent on collections, those asked for included", seconds)
                        .isPositive()
                        .isLessThan(seconds * 300L);
                assertThat(pipeline.greatest(PipelineUnderTest.IN_FLIGHT)).isLessThanOrEqualTo(21_000);
                pipeline.kill();
            }
            scene.oracle().checkFrozenState("small heap");
            ChaosReport.add(new Outcome(
                    "fast source, sink of 100 records/s, -Xmx%dm, %d s".formatted(megabytes, seconds),
                    1,
                    scene.finish(scene.settings()),
                    List.of(),
                    scene.seed()));
        }
    }
}
