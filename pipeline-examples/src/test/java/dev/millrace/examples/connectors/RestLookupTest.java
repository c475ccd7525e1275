package dev.millrace.examples.connectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.testkit.contract.EnricherContract;
import dev.millrace.testkit.contract.Outage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class RestLookupTest extends EnricherContract<String, Integer> {

    private TextService service;

    @BeforeEach
    void startService() throws IOException {
        service = TextService.of(Map.of("oslo", "709037", "bern", "133883"));
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    @Override
    protected Enricher<String, Integer> enricher() {
        return new RestLookup<>(service.address()::resolve, body -> Integer.valueOf(new String(body, UTF_8)));
    }

    @Override
    protected Map<String, Integer> known() {
        return Map.of("oslo", 709_037, "bern", 133_883);
    }

    @Override
    protected String unknown() {
        return "atlantis";
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(Outage.of(service::isAway));
    }
}
