package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** F46: SIGTERM, with a shutdown hook that closes the pipeline, as services have one. */
class TerminatedIT {

    private static final int SIGTERM_EXIT_CODE = 143;

    @Test
    void shouldLeaveNothingBehindWhenItDrains() throws Exception {
        try (Scene scene = new Scene(0.01)) {
            scene.load().start(500);
            for (int run = 0; run < 2; run++) {
                try (ChildPipeline pipeline = ChildPipeline.start(scene.next())) {
                    pipeline.awaitFirstAck().terminate();
                    assertThat(pipeline.awaitExit(Duration.ofSeconds(15))).isEqualTo(SIGTERM_EXIT_CODE);
                    assertThat(pipeline.output())
                            .contains(PipelineUnderTest.ENDED + "STOPPED", PipelineUnderTest.LEFT_BEHIND + "0");
                }
                scene.oracle().checkFrozenState("drained");
            }
            assertThat(scene.finish(scene.settings()).duplicates())
                    .as("I5 records that came again after a drain")
                    .isZero();
        }
    }

    @Test
    void shouldEndAtOnceAndLoseNothingWhenItAbandons() throws Exception {
        try (Scene scene = new Scene(0.01)) {
            scene.load().start(500);
            try (ChildPipeline pipeline =
                    ChildPipeline.start(scene.next(scene.settings().with("abandon", true)))) {
                pipeline.awaitFirstAck().terminate();
                assertThat(pipeline.awaitExit(Duration.ofSeconds(15))).isEqualTo(SIGTERM_EXIT_CODE);
                assertThat(pipeline.output()).contains(PipelineUnderTest.ENDED + "STOPPED");
            }
            scene.oracle().checkFrozenState("abandoned");
            scene.finish(scene.settings());
        }
    }

    @Test
    void shouldEndByItsDeadlineAndSayWhatIsLeftWhenTheSinkHangs() throws Exception {
        try (Scene scene = new Scene(0.01)) {
            scene.load().start(500);
            Settings hanging = scene.settings()
                    .with("hangAfter", 500)
                    .with("drainMillis", 2_000)
                    .with("maxInFlight", 500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(hanging))) {
                pipeline.awaitNoted("hung", 1).terminate();
                long asked = System.nanoTime();
                assertThat(pipeline.awaitExit(Duration.ofMinutes(2))).isEqualTo(SIGTERM_EXIT_CODE);
                // The drain's limit, five seconds for what blocks a worker, and what closing the clients takes.
                assertThat(Duration.ofNanos(System.nanoTime() - asked))
                        .isBetween(Duration.ofMillis(1_900), Duration.ofMinutes(2));
                assertThat(pipeline.output())
                        .contains(PipelineUnderTest.ENDED + "STOPPED")
                        .containsPattern(PipelineUnderTest.LEFT_BEHIND + "[1-9]");
            }
            scene.oracle().checkFrozenState("hung");
            scene.finish(scene.settings());
        }
    }
}
