package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulation that finds nothing proves something only if it finds what is there. */
class SimulationOracleTest {

    private static final int MOST_SEEDS = 1_000;

    @ParameterizedTest
    @EnumSource
    void shouldCatchTheMutant(SimMutant mutant) {
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            String violation = SimSchedule.run(seed, mutant, false).violation();
            if (violation != null) {
                System.out.println("simulation: " + mutant + " is caught by seed " + seed + ": " + violation);
                assertThat(mutant.explains(violation)).isTrue();
                return;
            }
        }
        assertThat(false).as("%s survives %d schedules", mutant, MOST_SEEDS).isTrue();
    }
}
