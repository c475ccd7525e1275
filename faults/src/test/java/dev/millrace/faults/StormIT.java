package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F05: instances start, stop and are killed without pause, so that the group hardly ever comes to rest. */
class StormIT {

    @ParameterizedTest
    @CsvSource({"classic, 15", "consumer, 15"})
    void shouldLoseNothingInAStormOfRebalances(String protocol, int seconds) throws Exception {
        System.out.println(storm(protocol, "", 3, Duration.ofSeconds(seconds)));
    }

    static Outcome storm(String protocol, String assignor, int instances, Duration length) throws Exception {
        ChildPipeline[] running = new ChildPipeline[instances];
        try (Scene scene = new Scene(0.01)) {
            Random random = new Random(scene.seed());
            Settings settings = scene.settings().with("protocol", protocol);
            if (!assignor.isEmpty()) {
                settings = settings.with("assignor", assignor);
            }
            scene.load().start(200);
            int ended = 0;
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                int slot = random.nextInt(instances);
                if (running[slot] == null || !running[slot].isAlive()) {
                    running[slot] = ChildPipeline.start(scene.next(settings));
                } else if (random.nextBoolean()) {
                    running[slot].terminate();
                    ended++;
                } else {
                    running[slot].kill();
                    ended++;
                }
                scene.oracle().checkNothingGoesBack("in the storm");
                Await.pass(200 + random.nextInt(1_800));
            }
            for (ChildPipeline instance : running) {
                if (instance != null && instance.isAlive()) {
                    instance.terminate();
                    instance.awaitExit();
                }
            }
            scene.oracle().checkFrozenState("after the storm");
            Oracle.Verdict verdict = scene.finish(settings);
            assertThat(ended).isPositive();
            String kind = assignor.isEmpty() ? protocol : assignor.substring(assignor.lastIndexOf('.') + 1);
            return new Outcome(
                    "storm of rebalances, " + instances + " instances, " + kind + ", " + length.toSeconds() + " s",
                    ended,
                    verdict,
                    List.of(),
                    scene.seed());
        } finally {
            for (ChildPipeline instance : running) {
                if (instance != null) {
                    instance.close();
                }
            }
        }
    }
}
