package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F01: killed by SIGKILL in the midst of its work, at moments drawn by lot, while events go on arriving. */
class KilledIT {

    @ParameterizedTest
    @CsvSource({"classic, 13", "consumer, 12"})
    void shouldLoseNothingHoweverOftenItIsKilled(String protocol, int kills) throws Exception {
        try (Scene scene = new Scene(0.01)) {
            Random random = new Random(scene.seed());
            Settings settings = scene.settings().with("protocol", protocol);
            scene.load().start(500);
            long committed = 0;
            for (int kill = 1; kill <= kills; kill++) {
                try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                    pipeline.awaitFirstAck();
                    Await.pass(50 + random.nextInt(1_450));
                    pipeline.kill();
                }
                committed = scene.oracle().checkFrozenState("kill " + kill);
            }
            assertThat(committed).as("progress between kills").isPositive();
            Oracle.Verdict verdict = scene.finish(settings);
            System.out.println(kills + " kills, " + protocol + ": " + verdict);
            assertThat(verdict.deadLetters()).isPositive();
            // I5: no kill may bring back more than what was in flight or not yet committed.
            assertThat(verdict.duplicates()).isLessThanOrEqualTo(kills * 3_000L);
        }
    }
}
