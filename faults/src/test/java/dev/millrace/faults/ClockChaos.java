package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F37: the wall clock of the pipeline's machine jumps, and that of no other. Left out where it cannot be made to. */
class ClockChaos {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What the clock is off by, one after the other. */
    private static final List<Duration> OFFSETS = List.of(
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ofHours(-1),
            Duration.ZERO,
            Duration.ofDays(3_650),
            Duration.ZERO);

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldGoOnWhenTheClockJumps(String protocol) throws Exception {
        assumeTrue(WallClock.isPossible(), "there is no libfaketime to change the clock of a process with");
        try (WallClock clock = new WallClock();
                Scene scene = new Scene(0.01)) {
            Settings settings = scene.settings().with("protocol", protocol);
            scene.load().start(500);
            List<Long> recoveries = new ArrayList<>();
            try (ChildPipeline pipeline =
                    ChildPipeline.start(scene.next(settings), ClassArchive.options(), clock.variables())) {
                pipeline.awaitFirstAck();
                for (Duration offset : OFFSETS) {
                    Recovery recovery = new Recovery(scene.load());
                    recovery.begins();
                    clock.isOffBy(offset);
                    long millis = recovery.awaitSeen(pipeline, PATIENCE);
                    System.out.println("clock off by " + offset + ": recovered after " + millis + " ms; "
                            + pipeline.noted("lost") + " times lost");
                    recoveries.add(millis);
                    awaitCommitted(scene, pipeline);
                    scene.oracle().checkNothingGoesBack("clock off by " + offset);
                }
                assertThat(pipeline.isAlive()).as(pipeline.output()).isTrue();
                pipeline.terminate();
                pipeline.awaitExit();
            }
            scene.oracle().checkFrozenState("clock");
            ChaosReport.add(new Outcome(
                    "clock jumps by 1 h and by 10 years, on and back, " + protocol,
                    OFFSETS.size(),
                    scene.finish(settings),
                    recoveries,
                    scene.seed()));
        }
    }

    /** Of what is there now. */
    private static void awaitCommitted(Scene scene, ChildPipeline pipeline) throws Exception {
        scene.oracle().awaitCommittedAll(scene.load().ends(), PATIENCE, pipeline::output);
    }
}
