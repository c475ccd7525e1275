package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/**
 * F53: kills, rebalances and outages of both servers, drawn by lot for as long as {@code -Dmillrace.chaos.soak} says
 * ({@code PT8H}; by default half an hour), past one instance that nobody ends: what it holds does not grow with time.
 */
class SoakChaos {

    private static final Duration LENGTH = Duration.parse(System.getProperty("millrace.chaos.soak", "PT30M"));
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int RECORDS_PER_SECOND = 50;

    /**
     * What the steady instance may hold more of towards the end than at first: memory by what caches of clients come
     * to, threads and files by those that happen to be under way.
     */
    private static final Map<String, Long> TOLERATED = Map.of(
            PipelineUnderTest.HEAP, 16L << 20,
            PipelineUnderTest.THREADS, 3L,
            PipelineUnderTest.FILES, 10L,
            PipelineUnderTest.METERS, 0L);

    private final List<Long> recoveries = new ArrayList<>();

    @Test
    void shouldHoldNoMoreHoweverLongItRuns() throws Exception {
        try (KafkaServer kafka = Servers.kafkaOptions().start();
                Admin admin = Servers.admin(kafka.bootstrapServers());
                CassandraServer cassandra = Servers.newCassandra();
                CqlSession session = Servers.session(cassandra);
                Scene scene = new Scene(0.01, kafka.bootstrapServers(), admin, cassandra, session)) {
            Settings settings = scene.settings().with("protocol", "consumer");
            scene.load().start(RECORDS_PER_SECOND);
            try (ChildPipeline steady = ChildPipeline.start(scene.next(settings.with("collecting", true)))) {
                steady.awaitFirstAck();
                soak(scene, settings, steady, kafka, cassandra);
                steady.terminate();
                steady.awaitExit();
                checkGrowth(steady);
            }
            scene.oracle().checkFrozenState("after the soak");
            ChaosReport.add(new Outcome(
                    "kills, rebalances and outages by lot, " + LENGTH.toMinutes() + " min",
                    recoveries.size(),
                    scene.finish(settings),
                    recoveries,
                    scene.seed()));
        }
    }

    private void soak(
            Scene scene, Settings settings, ChildPipeline steady, KafkaServer kafka, CassandraServer cassandra)
            throws Exception {
        Random random = new Random(scene.seed());
        long end = System.nanoTime() + LENGTH.toNanos();
        ChildPipeline other = started(scene, settings);
        try {
            while (System.nanoTime() < end) {
                Await.pass(1_000 + random.nextInt(9_000));
                assertThat(other.isAlive()).as(other.output()).isTrue();
                switch (random.nextInt(4)) {
                    case 0 -> {
                        other.kill();
                        other = started(scene, settings);
                    }
                    case 1 -> {
                        other.terminate();
                        other.awaitExit();
                        other = started(scene, settings);
                    }
                    case 2 -> {
                        kafka.kill();
                        Await.pass(random.nextInt(10_000));
                        kafka.restart();
                    }
                    default -> {
                        cassandra.kill();
                        Await.pass(random.nextInt(20_000));
                        cassandra.restart();
                    }
                }
                long begin = System.nanoTime();
                scene.oracle().awaitCommittedAll(scene.load().ends(), PATIENCE, steady::output);
                recoveries.add(Duration.ofNanos(System.nanoTime() - begin).toMillis());
                scene.oracle().checkNothingGoesBack("in the soak");
                assertThat(steady.isAlive()).as(steady.output()).isTrue();
            }
            other.terminate();
            other.awaitExit();
        } finally {
            other.close();
        }
    }

    /** So far that no server is missing while it starts, for then it would not. */
    private static ChildPipeline started(Scene scene, Settings settings) throws Exception {
        return ChildPipeline.start(scene.next(settings)).awaitLine(PipelineUnderTest.STARTED);
    }

    /**
     * The least that it held in the last quarter against that in the second: what is held for a moment does not count.
     */
    private static void checkGrowth(ChildPipeline steady) throws Exception {
        for (Map.Entry<String, Long> tolerated : TOLERATED.entrySet()) {
            List<Long> held = steady.all(tolerated.getKey());
            int quarter = held.size() / 4;
            assertThat(quarter).as("a quarter of how often it was noted").isPositive();
            long before = least(held.subList(quarter, 2 * quarter));
            long after = least(held.subList(3 * quarter, held.size()));
            System.out.println(tolerated.getKey() + ": " + before + ", and later " + after);
            assertThat(after).as(tolerated.getKey()).isPositive().isLessThanOrEqualTo(before + tolerated.getValue());
        }
    }

    private static long least(List<Long> held) {
        return held.stream().mapToLong(Long::longValue).min().orElseThrow();
    }
}
