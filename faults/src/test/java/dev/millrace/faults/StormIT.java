package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F05: instances start, stop and are killed without pause, so that the group hardly ever comes to rest. */
class StormIT {

    private static final int IN_FLIGHT = 200;
    private static final Duration WITHOUT_PROGRESS = Await.PATIENCE;
    /** An idle machine needs less than 15 s. */
    private static final Duration CONVERGENCE = Await.PATIENCE;

    @ParameterizedTest
    @CsvSource({"classic, 15", "consumer, 15"})
    void shouldLoseNothingInAStormOfRebalances(String protocol, int seconds) throws Exception {
        Outcome outcome = storm(protocol, "", 3, Duration.ofSeconds(seconds));

        System.out.println(outcome);
        // As of a long storm, and what one kill in the midst of catching up may add, for so short a one has few.
        long most = PipelineUnderTest.mostInFlight(Settings.parse("maxInFlight=" + IN_FLIGHT));
        assertThat(outcome.verdict().duplicates()).as("I5").isLessThanOrEqualTo(tolerated(outcome.verdict()) + most);
    }

    /** I5: one event in twenty may come again. */
    static long tolerated(Oracle.Verdict verdict) {
        return verdict.records() / 20;
    }

    static Outcome storm(String protocol, String assignor, int instances, Duration length) throws Exception {
        List<ChildPipeline> all = new ArrayList<>();
        try (Scene scene = new Scene(0.01)) {
            Settings settings = scene.settings().with("protocol", protocol).with("maxInFlight", IN_FLIGHT);
            if (!assignor.isEmpty()) {
                settings = settings.with("assignor", assignor);
            }
            scene.load().start(200);
            int ended = blow(scene, settings, instances, length, all);
            ChildPipeline survivor = ChildPipeline.start(scene.next(settings));
            all.add(survivor);
            survivor.awaitLine(PipelineUnderTest.STARTED);
            long rest = System.currentTimeMillis();
            scene.oracle().awaitCommittedAll(scene.load().ends(), CONVERGENCE, survivor::output);
            long convergence = System.currentTimeMillis() - rest;
            for (ChildPipeline instance : all) {
                if (instance.isAlive()) {
                    instance.terminate();
                    instance.awaitExit();
                }
            }
            scene.oracle().checkFrozenState("after the storm");
            Oracle.Verdict verdict = scene.finish(settings);
            String kind = assignor.isEmpty() ? protocol : assignor.substring(assignor.lastIndexOf('.') + 1);
            return new Outcome(
                    "storm of rebalances, " + instances + " instances, " + kind + ", " + length.toSeconds() + " s",
                    ended,
                    verdict,
                    List.of(convergence),
                    scene.seed());
        } finally {
            all.forEach(ChildPipeline::close);
        }
    }

    /** Starts instances, all of which are noted, and ends some; returns how many. */
    private static int blow(Scene scene, Settings settings, int instances, Duration length, List<ChildPipeline> all)
            throws Exception {
        Random random = new Random(scene.seed());
        ChildPipeline[] running = new ChildPipeline[instances];
        int ended = 0;
        long committed = 0;
        long progress = System.nanoTime();
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            int slot = random.nextInt(instances);
            if (running[slot] == null) {
                running[slot] = ChildPipeline.start(scene.next(settings));
                all.add(running[slot]);
            } else {
                if (random.nextBoolean()) {
                    running[slot].terminate();
                } else {
                    running[slot].kill();
                }
                running[slot] = null;
                ended++;
            }
            long now = Oracle.sum(scene.oracle().checkNothingGoesBack("in the storm"));
            if (now > committed) {
                committed = now;
                progress = System.nanoTime();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - progress))
                    .as("I6 without a commit")
                    .isLessThan(WITHOUT_PROGRESS);
            Await.pass(200 + random.nextInt(1_800));
        }
        assertThat(ended).isPositive();
        return ended;
    }
}
