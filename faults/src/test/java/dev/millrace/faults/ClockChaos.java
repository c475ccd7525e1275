package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * F37: the wall clock of the pipeline's machine jumps, and that of no other. Left out where it cannot be made to. There
 * are no dead letters, since brokers refuse what is dated more than an hour ahead of their own time.
 *
 * <p>No timer of the engine goes by that clock, but those of Kafka's clients do: after a jump back they may send
 * neither heartbeats nor commits until it has caught up, an hour later if need be. A process that is started meanwhile
 * goes on.
 */
class ClockChaos {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** A little back it catches up, as after a correction; of an hour that is not waited for. */
    @ParameterizedTest
    @CsvSource({
        "1 h ahead, PT1H, classic, true",
        "10 years ahead, PT87600H, consumer, true",
        "20 s back, PT-20S, classic, true",
        "20 s back, PT-20S, consumer, true",
        "1 h back, PT-1H, classic, false",
        "1 h back, PT-1H, consumer, false"
    })
    void shouldGoOnWhenTheClockJumps(String where, Duration jump, String protocol, boolean isCommitAwaited)
            throws Exception {
        assumeTrue(WallClock.isPossible(), "there is no libfaketime to change the clock of a process with");
        try (WallClock clock = new WallClock();
                Scene scene = new Scene(0)) {
            Settings settings = scene.settings().with("protocol", protocol);
            scene.load().start(500);
            List<Long> recoveries = new ArrayList<>();
            try (ChildPipeline pipeline =
                    ChildPipeline.start(scene.next(settings), ClassArchive.options(), clock.variables())) {
                pipeline.awaitFirstAck();
                Recovery recovery = new Recovery(scene.load());
                recovery.begins();
                clock.isOffBy(jump);
                recoveries.add(recovery.awaitSeen(pipeline, PATIENCE));
                if (isCommitAwaited) {
                    scene.oracle().awaitCommittedAll(scene.load().ends(), PATIENCE, pipeline::output);
                }
                scene.oracle().checkNothingGoesBack("clock " + where);
                assertThat(pipeline.isAlive()).as(pipeline.output()).isTrue();
                pipeline.terminate();
                pipeline.awaitExit();
                assertThat(pipeline.output()).contains(PipelineUnderTest.ENDED + "STOPPED");
            }
            scene.oracle().checkFrozenState("clock " + where);
            ChaosReport.add(new Outcome(
                    "wall clock jumps %s, %s".formatted(where, protocol),
                    1,
                    scene.finish(settings),
                    recoveries,
                    scene.seed()));
        }
    }
}
