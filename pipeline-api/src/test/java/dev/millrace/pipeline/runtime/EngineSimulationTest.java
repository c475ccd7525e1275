package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs the engine itself, on one thread in virtual time, through many seeded schedules of faults. */
class EngineSimulationTest {

    private static final int MOST_FAILURES_TOLD = 5;
    private static final int SEEDS_TOLD_TWICE = 500;

    /** So many schedules, from this seed on; or one seed alone, with a trace. */
    private final int schedules = Integer.getInteger("millrace.schedules", 10_000);

    private final long firstSeed = Long.getLong("millrace.firstSeed", 1);

    /** What a trace shows of a failure is of use only if it is what happened. */
    @Test
    void shouldTellTheSameStoryOfASeedEachTime() {
        for (long seed = 1; seed <= SEEDS_TOLD_TWICE; seed++) {
            String first = SimSchedule.run(seed, SimWrap.NONE, true).trace();
            assertThat(SimSchedule.run(seed, SimWrap.NONE, true).trace())
                    .as("seed %d", seed)
                    .isEqualTo(first);
        }
    }

    @Test
    void shouldKeepEveryPromiseInEverySchedule() {
        Long single = Long.getLong("millrace.seed");
        if (single != null) {
            SimSchedule.Outcome outcome = SimSchedule.run(single, SimWrap.NONE, true);
            assertThat(outcome.violation())
                    .as("seed %d%n%s", single, outcome.trace())
                    .isNull();
            return;
        }
        List<String> failures = new ArrayList<>();
        long events = 0;
        long since = System.nanoTime();
        for (long seed = firstSeed; seed < firstSeed + schedules && failures.size() < MOST_FAILURES_TOLD; seed++) {
            SimSchedule.Outcome outcome = SimSchedule.run(seed, SimWrap.NONE, false);
            events += outcome.events();
            if (outcome.violation() != null) {
                failures.add(outcome.violation() + "\n  again with a trace: mvn -q -pl pipeline-api test"
                        + " -Dtest=EngineSimulationTest -Dmillrace.seed=" + seed);
            }
        }
        assertThat(failures).isEmpty();
        double minutes = (System.nanoTime() - since) / (double) TimeUnit.MINUTES.toNanos(1);
        System.out.printf(
                "simulation: %d schedules, %d events, %.0f schedules a minute%n",
                schedules, events, schedules / minutes);
    }
}
