package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/**
 * Pipelines that break a promise: the oracle must see it, or what it says of others proves nothing.
 * {@link EvidenceTest} has the rest of the breaches, of which no pipeline need run.
 */
class OracleIT {

    @Test
    void shouldSeeThatWhatWasPolledIsCommitted() throws Exception {
        try (Scene scene = new Scene(0)) {
            Settings mutant = scene.settings().with("commitAtPoll", true).with("hangAfter", 500);
            checkThatItIsCaught(scene, mutant, "hung", "I2 ");
        }
    }

    @Test
    void shouldSeeThatDeadLettersAreNotAwaited() throws Exception {
        try (Scene scene = new Scene(0.05)) {
            Settings mutant = scene.settings().with("deadLettersNotAwaited", true);
            checkThatItIsCaught(scene, mutant, "ack", "I2 ");
        }
    }

    @Test
    void shouldSeeThatStatesAreForgotten() {
        assertThatThrownBy(() -> CountedKills.of("classic", 2, 300, settings -> settings.with("statesForgotten", true)))
                .isInstanceOf(AssertionError.class)
                .message()
                .containsPattern("I[12] ");
    }

    private static void checkThatItIsCaught(Scene scene, Settings mutant, String sign, String invariant)
            throws Exception {
        scene.load().start(500);
        try (ChildPipeline pipeline = ChildPipeline.start(scene.next(mutant))) {
            pipeline.awaitNoted(sign, 1);
            // More than a sink that hangs has taken, and some poison among it; less than may be in flight.
            scene.oracle().awaitCommitted(1_000, Await.PATIENCE, pipeline::output);
            pipeline.kill();
        }
        assertThatThrownBy(() -> scene.oracle().checkFrozenState("mutant"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(invariant);
    }
}
