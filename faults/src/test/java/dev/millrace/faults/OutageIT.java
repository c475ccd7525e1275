package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** F20: Cassandra is killed and comes back with the same data. */
@Isolated("the node of all tests is away")
class OutageIT {

    private static final int IN_FLIGHT = 1_000;
    /** "A poll may overshoot it once": the most that one poll brings. */
    private static final int POLL = 1_000;

    @Test
    void shouldHoldBackAndMakeNoDeadLetterWhenCassandraIsAway() throws Exception {
        System.out.println(outage(Duration.ofSeconds(20)));
    }

    static Outcome outage(Duration length) throws Exception {
        try (Scene scene = new Scene(0)) {
            Settings settings = scene.settings().with("maxInFlight", IN_FLIGHT);
            scene.load().start(500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                pipeline.awaitFirstAck();
                Servers.cassandra().kill();
                try {
                    pipeline.awaitNoted("unavailable", 1);
                    Await.pass(length.toMillis());
                    assertThat(pipeline.isAlive()).as("it waits").isTrue();
                } finally {
                    Servers.cassandra().restart();
                }
                long back = System.currentTimeMillis();
                Await.until(
                        "the first row after the outage",
                        Duration.ofSeconds(30),
                        pipeline::output,
                        () -> pipeline.firstAckAfter(back).isPresent());
                OptionalLong first = pipeline.firstAckAfter(back);
                scene.load().stop();
                scene.oracle().awaitAllCommitted(Duration.ofMinutes(2), pipeline::output);
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
