package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** F01 of what counts: killed by SIGKILL while events go on arriving. {@link CountsChaos} does it fifty times. */
class CountsKilledIT {

    @Test
    void shouldCountEachEventOnceHoweverOftenItIsKilled() throws Exception {
        Outcome outcome = CountedKills.of("classic", 4, 300);

        System.out.println(outcome);
        assertThat(outcome.verdict().deadLetters()).isPositive();
    }
}
