package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
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

    /** By one check only, so that none is there in vain: without it the mutant would live. */
    @ParameterizedTest
    @EnumSource
    void shouldCatchTheMutantOfAnAggregateByItsCheck(SimAggregateMutant mutant) {
        assertThat(violations(mutant, "").findFirst())
                .as("%s in %d schedules", mutant, MOST_SEEDS)
                .hasValueSatisfying(violation -> {
                    System.out.println("simulation: " + mutant + " is caught: " + violation);
                    assertThat(violation).startsWith(mutant.check + ":");
                });
        assertThat(violations(mutant, mutant.check))
                .as("without " + mutant.check)
                .isEmpty();
    }

    private static Stream<String> violations(SimAggregateMutant mutant, String unchecked) {
        return LongStream.rangeClosed(1, MOST_SEEDS)
                .mapToObj(seed -> SimSchedule.runOfAggregate(seed, mutant, unchecked))
                .flatMap(Optional::stream)
                .map(SimSchedule.Outcome::violation)
                .filter(Objects::nonNull);
    }
}
