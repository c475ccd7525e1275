package dev.millrace.cache;

import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.testkit.contract.EnricherContract;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What is remembered promises what every lookup does. */
class CachedContractTest extends EnricherContract<String, Integer> {

    @Override
    protected Enricher<String, Integer> enricher() {
        Enricher<String, Integer> slow =
                context -> key -> context.blocking(() -> Optional.ofNullable(known().get(key)));
        return Cached.of(slow).freshFor(Duration.ofMinutes(1));
    }

    @Override
    protected Map<String, Integer> known() {
        return Map.of("Oslo", 1, "Bern", 2);
    }

    @Override
    protected String unknown() {
        return "Rome";
    }
}
