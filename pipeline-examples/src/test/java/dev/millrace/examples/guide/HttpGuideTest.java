package dev.millrace.examples.guide;

import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.cache.Cached;
import dev.millrace.http.Http;
import dev.millrace.http.HttpLookup;
import dev.millrace.http.HttpUri;
import dev.millrace.http.StatusMeaning;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page on HTTP services. */
@Timeout(120)
class HttpGuideTest {

    record Customer(String name, int discount) {}

    record Bill(String customer, String product, int discount) {

        static Bill of(Order order, Optional<Customer> customer) {
            return new Bill(
                    customer.map(Customer::name).orElse("nobody"),
                    order.product(),
                    customer.map(Customer::discount).orElse(0));
        }
    }

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final Source<Order> orders =
            Sources.of(new Order("ada", "lamp", 2), new Order("bob", "desk", 1), new Order("ada", "chair", 1));
    private final List<Bill> stored = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Integer> answers = new ConcurrentHashMap<>(Map.of("/v1/customers/ada", 200));
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private String address;

    @BeforeEach
    void serveCustomers() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                asked.add(path + " by " + exchange.getRequestHeaders().getFirst("Authorization"));
                byte[] body = "{\"name\":\"Ada\",\"discount\":5}".getBytes(UTF_8);
                exchange.sendResponseHeaders(answers.getOrDefault(path, 404), body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @AfterEach
    void stopServing() {
        server.stop(0);
    }

    @Test
    void shouldAskForEachKey() throws InterruptedException {
        Sink<Bill> store = Sinks.into(stored);
        // docs:begin
        HttpUri customers = Http.uri(address).path("customers");
        Enricher<String, Customer> lookup = Http.lookup(
                        (String id) -> customers.path(id).toUri(), body -> mapper.readValue(body, Customer.class))
                .header("Authorization", () -> "Bearer " + token())
                .timeout(ofSeconds(5))
                .naming(id -> "customer " + id);

        Pipeline bills = Pipeline.named("bills")
                .from(orders)
                .enrich(lookup, Order::customer, Bill::of, with().concurrency(32))
                .to(store);
        // docs:end
        run(bills);

        assertThat(stored)
                .containsExactly(
                        new Bill("Ada", "lamp", 5), new Bill("nobody", "desk", 0), new Bill("Ada", "chair", 5));
        // Asked again where the machine has stood still for longer than the lookup waits.
        assertThat(asked).containsOnly("/v1/customers/ada by Bearer secret", "/v1/customers/bob by Bearer secret");
    }

    private static String token() {
        return "secret";
    }

    private HttpLookup<String, Customer> customers() {
        HttpUri customers = Http.uri(address).path("customers");
        return Http.lookup((String id) -> customers.path(id).toUri(), body -> mapper.readValue(body, Customer.class))
                .timeout(ofMinutes(1));
    }

    private Pipeline bills(Enricher<String, Customer> lookup) {
        return Pipeline.named("bills")
                .from(orders)
                .enrich(lookup, Order::customer, Bill::of)
                .to(Sinks.into(stored));
    }

    @Test
    void shouldTakeAStatusAsItIsMeant() throws InterruptedException {
        answers.put("/v1/customers/bob", 403);
        HttpLookup<String, Customer> lookup = customers();
        // docs:begin
        Enricher<String, Customer> allowed = lookup.status(403, StatusMeaning.NO_ANSWER);
        // docs:end
        run(bills(allowed));

        assertThat(stored).extracting(Bill::customer).containsExactly("Ada", "nobody", "Ada");
    }

    @Test
    void shouldRememberAnswers() throws InterruptedException {
        HttpLookup<String, Customer> lookup = customers();
        // docs:begin
        Enricher<String, Customer> remembered = Cached.of(lookup)
                .freshFor(ofMinutes(10))
                .missesFreshFor(ofSeconds(30))
                .refreshAfter(ofMinutes(5))
                .staleFor(ofHours(1));
        // docs:end
        run(bills(remembered));

        assertThat(stored).extracting(Bill::customer).containsExactly("Ada", "nobody", "Ada");
        assertThat(asked).containsExactlyInAnyOrder("/v1/customers/ada by null", "/v1/customers/bob by null");
    }

    private static void run(Pipeline pipeline) throws InterruptedException {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
    }
}
