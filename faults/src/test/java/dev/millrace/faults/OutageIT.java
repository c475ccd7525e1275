package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.testkit.CassandraServer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** F20: Cassandra is killed and comes back with the same data. */
class OutageIT {

    private static final int IN_FLIGHT = 1_000;
    /** "A poll may overshoot it once": the most that one poll brings. */
    private static final int POLL = 1_000;
    /** Shorter than the outage, and longer than a busy machine keeps a process waiting. */
    private static final int SESSION_MILLIS = 35_000;

    @Test
    void shouldHoldBackAndMakeNoDeadLetterWhenCassandraIsAway() throws Exception {
        System.out.println(outage(Duration.ofSeconds(40)));
    }

    static Outcome outage(Duration length) throws Exception {
        try (CassandraServer cassandra = Servers.newCassandra();
                CqlSession session = Servers.session(cassandra);
                Scene scene = new Scene(0, cassandra, session)) {
            Settings settings = scene.settings().with("maxInFlight", IN_FLIGHT).with("sessionMillis", SESSION_MILLIS);
            scene.load().start(500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                pipeline.awaitFirstAck();
                cassandra.kill();
                try {
                    pipeline.awaitNoted("unavailable", 1);
                    Await.pass(length.toMillis());
                    assertThat(pipeline.isAlive()).as("it waits").isTrue();
                } finally {
                    cassandra.restart();
                }
                long back = System.currentTimeMillis();
                Await.until(
                        "the first row after the outage",
                        Await.PATIENCE,
                        pipeline::output,
                        () -> pipeline.firstAckAfter(back).isPresent());
                OptionalLong first = pipeline.firstAckAfter(back);
                scene.load().stop();
                scene.oracle().awaitAllCommitted(Duration.ofMinutes(5), pipeline::output);
                assertThat(pipeline.greatest(PipelineUnderTest.IN_FLIGHT))
                        .as("I4 records in flight")
                        .isBetween((long) IN_FLIGHT / 2, (long) IN_FLIGHT + POLL);
                assertThat(pipeline.noted("lost") + pipeline.noted("revoked"))
                        .as("the group never missed it")
                        .isZero();
                pipeline.terminate();
                pipeline.awaitExit();
                Oracle.Verdict verdict = scene.oracle().judge(scene.journals());
                assertThat(verdict.deadLetters()).isZero();
                return new Outcome(
                        "Cassandra down for " + length.toSeconds() + " s",
                        1,
                        verdict,
                        List.of(first.getAsLong() - back),
                        scene.seed());
            }
        }
    }
}
