package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F01: killed by SIGKILL in the midst of its work while events go on arriving, by both protocols of a group. */
@Execution(ExecutionMode.CONCURRENT)
class KilledIT {

    /** What may be in flight, and what a commit interval lets pass. */
    private static final int WINDOW = 2_000 + 1_000;

    @ParameterizedTest
    @CsvSource({"classic, same, 10", "consumer, stranger, 5"})
    void shouldLoseNothingHoweverOftenItIsKilled(String protocol, String member, int kills) throws Exception {
        Outcome outcome = Kills.of(protocol, member, kills, 300);

        System.out.println(outcome);
        assertThat(outcome.verdict().deadLetters()).isPositive();
        assertThat(outcome.verdict().duplicates()).as("I5").isLessThanOrEqualTo((long) kills * WINDOW);
        assertThat(outcome.recoveryMillis()).as("I6").allMatch(millis -> millis < 30_000);
    }
}
