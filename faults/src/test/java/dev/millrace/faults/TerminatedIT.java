package dev.millrace.faults;

import static dev.millrace.faults.Await.PATIENCE;
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
            // Nobody is to be taken for dead here, however busy the machine: then records would come again.
            Settings patient = scene.settings()
                    .with("sessionMillis", PATIENCE.toMillis())
                    .with("drainMillis", PATIENCE.toMillis());
            for (int run = 0; run < 2; run++) {
                try (ChildPipeline pipeline = ChildPipeline.start(scene.next(patient))) {
                    pipeline.awaitFirstAck().terminate();
                    assertThat(pipeline.awaitExit(PATIENCE)).isEqualTo(SIGTERM_EXIT_CODE);
                    assertThat(pipeline.output())
                            .contains(PipelineUnderTest.ENDED + "STOPPED", PipelineUnderTest.LEFT_BEHIND + "0");
                }
                scene.oracle().checkFrozenState("drained");
            }
            assertThat(scene.finish(patient).duplicates())
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
                assertThat(pipeline.awaitExit(PATIENCE)).isEqualTo(SIGTERM_EXIT_CODE);
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
                    // Without its partitions it would have nothing to wait for.
                    .with("sessionMillis", PATIENCE.toMillis())
                    .with("drainMillis", 2_000)
                    .with("maxInFlight", 500);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(hanging))) {
                pipeline.awaitNoted("hung", 1).terminate();
                long asked = System.nanoTime();
                assertThat(pipeline.awaitExit(PATIENCE)).isEqualTo(SIGTERM_EXIT_CODE);
                assertThat(Duration.ofNanos(System.nanoTime() - asked))
                        .as("the drain's limit")
                        .isGreaterThan(Duration.ofMillis(1_900));
                assertThat(pipeline.output())
                        .contains(PipelineUnderTest.ENDED + "STOPPED")
                        .containsPattern(PipelineUnderTest.LEFT_BEHIND + "[1-9]");
            }
            scene.oracle().checkFrozenState("hung");
            scene.finish(scene.settings());
        }
    }
}
