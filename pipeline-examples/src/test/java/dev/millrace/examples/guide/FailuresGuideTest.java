package dev.millrace.examples.guide;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.RetryPolicy.exponential;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ExamplePage;
import dev.millrace.examples.TestServers;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of the page on what becomes of failures. */
@Timeout(120)
class FailuresGuideTest {

    private static final ExamplePage PAGE = ExamplePage.ofDocs("failures");

    private final Source<String> lines = Sources.of("ada,lamp,2", "bob,desk", "eve,lamp,1");
    private final List<Order> stored = Collections.synchronizedList(new ArrayList<>());
    private final List<DeadLetter> kept = Collections.synchronizedList(new ArrayList<>());

    private static RunningPipeline run(Pipeline pipeline) throws InterruptedException {
        RunningPipeline running = PipelineRunner.create().start(pipeline);
        running.awaitTermination();
        return running;
    }

    @Test
    void shouldEndInFailureByDefault() throws IOException {
        Sink<Order> store = Sinks.into(stored);
        // docs:begin
        Pipeline orders = Pipeline.named("orders").from(lines).map(Order::parse).to(store);
        // docs:end
        RunningPipeline running = PipelineRunner.create().start(orders);
        TestServers.await(() -> running.state() == PipelineState.FAILED);
        running.close();

        assertThat(running.failure().orElseThrow())
                .hasMessage(PAGE.blocks("text").get(0).strip());
    }

    @Test
    void shouldFollowThePolicyOfTheLastSinkUnlessAStageHasItsOwn() throws InterruptedException {
        Sink<Order> store = Sinks.forEach(order -> {
            if (order.customer().equals("eve")) {
                throw new IOException("no room");
            }
            stored.add(order);
        });
        Sink<DeadLetter> letters = Sinks.into(kept);
        // docs:begin
        Pipeline orders = Pipeline.named("orders")
                .from(lines)
                .map(Order::parse, with().onFailure(skip()))
                .to(
                        store,
                        with().retry(exponential(ofMillis(100), ofSeconds(10)).maxAttempts(3))
                                .onFailure(deadLetter(letters)));
        // docs:end
        RunningPipeline running = run(orders);

        assertThat(stored).containsExactly(new Order("ada", "lamp", 2));
        assertThat(running.stats().skipped()).isEqualTo(1);
        assertThat(running.stats().stage("to").retries()).isEqualTo(2);
        assertThat(kept).singleElement().satisfies(letter -> {
            assertThat(letter.original().value()).isEqualTo("eve,lamp,1");
            assertThat(letter.stage()).isEqualTo("to");
            assertThat(letter.attempts()).isEqualTo(3);
        });
    }

    /** What a price is asked of. */
    interface PriceService {

        Optional<Integer> priceOf(String product) throws IOException;
    }

    private static Enricher<String, Integer> prices(PriceService service) {
        // docs:begin
        return Enrichers.blocking(product -> {
            try {
                return service.priceOf(product);
            } catch (ConnectException away) {
                throw new UnavailableException("the price service cannot be reached", away);
            }
        });
        // docs:end
    }

    @Test
    void shouldWaitForASystemThatIsAway() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Enricher<String, Integer> prices = prices(product -> {
            if (calls.incrementAndGet() < 4) {
                throw new ConnectException("refused");
            }
            return Optional.of(30);
        });
        Pipeline orders = Pipeline.named("orders")
                .from(Sources.of("lamp"))
                .enrich(
                        prices,
                        product -> product,
                        (product, price) -> new Order("ada", product, price.orElse(0)),
                        with().retry(RetryPolicy.fixed(ofMillis(1)).maxAttempts(1)))
                .to(Sinks.into(stored));

        RunningPipeline running = run(orders);

        assertThat(stored).containsExactly(new Order("ada", "lamp", 30));
        assertThat(running.stats().stage("enrich").unavailable()).isEqualTo(3);
    }

    @Test
    void shouldGiveUpAtItsDeadline() throws InterruptedException {
        Enricher<String, Integer> prices = prices(product -> {
            throw new ConnectException("refused");
        });
        Pipeline waiting = Pipeline.named("orders")
                .from(Sources.of("lamp"))
                .enrich(
                        prices,
                        product -> product,
                        (product, price) -> new Order("ada", product, price.orElse(0)),
                        with().timeout(ofSeconds(2)).deadline(ofMillis(20)).onFailure(deadLetter(Sinks.into(kept))))
                .to(Sinks.into(stored));

        run(waiting);

        assertThat(kept)
                .singleElement()
                .satisfies(letter -> assertThat(letter.cause())
                        .isInstanceOf(java.util.concurrent.TimeoutException.class)
                        .hasMessage("not done within the deadline of PT0.02S"));
    }

    @Test
    void shouldTakeADeadline() throws InterruptedException {
        Source<String> products = Sources.of("lamp", "desk");
        Enricher<String, Integer> prices = prices(product -> Optional.of(30));
        Sink<String> store = Sinks.discard();
        // docs:begin
        Pipeline orders = Pipeline.named("orders")
                .from(products)
                .enrich(
                        prices,
                        product -> product,
                        (product, price) -> product + " " + price.orElse(0),
                        with().timeout(ofSeconds(2)).deadline(ofMinutes(1)).onFailure(skip()))
                .to(store);
        // docs:end
        assertThat(run(orders).stats().stage("to").out()).isEqualTo(2);
    }

    @Test
    void shouldKeepDeadLettersWhereverASinkPutsThem() throws InterruptedException {
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        // docs:begin
        Sink<DeadLetter> letters =
                Sinks.forEach(letter -> log.add(letter.original().position() + " " + letter.stage() + " "
                        + letter.original().value()));
        // docs:end
        run(Pipeline.named("orders")
                .from(lines)
                .map(Order::parse)
                .to(Sinks.into(stored), with().onFailure(deadLetter(letters))));

        assertThat(log).containsExactly("0@1 map bob,desk");
        assertThat(stored).hasSize(2);
    }

    @Test
    void shouldBeginAnew() throws InterruptedException {
        AtomicInteger lives = new AtomicInteger();
        Source<String> flaky = context -> {
            if (lives.incrementAndGet() == 1) {
                return timeout -> {
                    throw new IOException("connection reset");
                };
            }
            return lines.open(context);
        };
        Pipeline orders = Pipeline.named("orders")
                .from(flaky)
                .filter(line -> line.startsWith("ada"))
                .map(Order::parse)
                .to(Sinks.into(stored));
        // docs:begin
        PipelineRunner runner = PipelineRunner.create().restart(exponential(ofSeconds(1), ofMinutes(1)));
        // docs:end
        RunningPipeline running = runner.start(orders);
        running.awaitTermination();

        assertThat(lives).hasValue(2);
        assertThat(stored).containsExactly(new Order("ada", "lamp", 2));
    }

    @Test
    void shouldExplainWhatItWaitsFor() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Pipeline orders = Pipeline.named("orders")
                .from(Sources.every(ofMillis(1), made::incrementAndGet))
                .to(Sinks.forEach(number -> {
                    if (number > 2) {
                        throw new UnavailableException("the store is away");
                    }
                }));
        String shown = withoutTimes(PAGE.blocks("text").get(1));

        RunningPipeline running = PipelineRunner.create().start(orders);
        TestServers.await(() -> withoutTimes(running.explain()).equals(shown));
        assertThat(running.health().reasons()).anyMatch(reason -> reason.startsWith("stage 'to' is unavailable for "));
        running.abandon();
        running.awaitTermination();
    }

    private static String withoutTimes(String text) {
        return text.replaceAll("[0-9]+ ms", "_ ms");
    }
}
