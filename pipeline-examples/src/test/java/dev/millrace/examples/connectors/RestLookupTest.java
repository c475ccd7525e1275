package dev.millrace.examples.connectors;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.testkit.contract.EnricherContract;
import dev.millrace.testkit.contract.Outage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class RestLookupTest extends EnricherContract<String, Integer> {

    private volatile boolean isAway;
    private HttpServer service;

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/people/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                Integer people = known().get(path.substring(path.lastIndexOf('/') + 1));
                byte[] body = String.valueOf(people).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(isAway ? 503 : people == null ? 404 : 200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        service.start();
    }

    @AfterEach
    void stopService() {
        service.stop(0);
    }

    @Override
    protected Enricher<String, Integer> enricher() {
        URI base = URI.create("http://127.0.0.1:" + service.getAddress().getPort() + "/people/");
        return new RestLookup<>(base::resolve, body -> Integer.valueOf(new String(body, StandardCharsets.UTF_8)));
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
        return Optional.of(Outage.of(away -> isAway = away));
    }
}
