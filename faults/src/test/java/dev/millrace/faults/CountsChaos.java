package dev.millrace.faults;

import org.junit.jupiter.api.Test;

/** What counts, under kills. */
class CountsChaos {

    @Test
    void shouldCountEachEventOnceInFiftyKills() throws Exception {
        ChaosReport.add(CountedKills.of("consumer", ProcessChaos.scaled(50), 500));
    }
}
