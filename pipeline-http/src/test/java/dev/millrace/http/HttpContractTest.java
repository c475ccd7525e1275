package dev.millrace.http;

import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.testkit.contract.EnricherContract;
import dev.millrace.testkit.contract.Outage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What services promise as lookups, as every connector does. */
class HttpContractTest extends EnricherContract<String, String> {

    private static final Map<String, String> PEOPLE = Map.of("/oslo", "1", "/bern", "2");

    private volatile boolean isAway;
    private Service service;

    @BeforeEach
    void startService() throws IOException {
        service = new Service(exchange -> {
            String people = PEOPLE.get(exchange.getRequestURI().getPath());
            Service.answer(exchange, isAway ? 503 : people == null ? 404 : 200, people == null ? "" : people);
        });
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    @Override
    protected Enricher<String, String> enricher() {
        return Asking.of(service);
    }

    @Override
    protected Map<String, String> known() {
        return PEOPLE;
    }

    @Override
    protected String unknown() {
        return "/rome";
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(Outage.of(away -> isAway = away));
    }
}
