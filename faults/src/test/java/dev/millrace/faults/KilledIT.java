package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * F01: killed by SIGKILL in the midst of its work while events go on arriving, 25 times, by both protocols of a group.
 * How many may come again after each kill is checked by {@link Kills}; with few in flight that is little more than what
 * was committed too late.
 */
@Execution(ExecutionMode.CONCURRENT)
class KilledIT {

    private static final int IN_FLIGHT = 100;
    /** A bound and no speed: an idle machine needs less than 10 s. */
    private static final int RECOVERY_MILLIS = 120_000;

    @ParameterizedTest
    @CsvSource({"classic, same, 10", "classic, stranger, 7", "consumer, stranger, 8"})
    void shouldLoseNothingHoweverOftenItIsKilled(String protocol, String member, int kills) throws Exception {
        Outcome outcome = Kills.of(protocol, member, kills, 300, settings -> settings.with("maxInFlight", IN_FLIGHT));

        System.out.println(outcome);
        assertThat(outcome.verdict().deadLetters()).isPositive();
        assertThat(outcome.recoveryMillis()).as("I6").allMatch(millis -> millis < RECOVERY_MILLIS);
    }
}
