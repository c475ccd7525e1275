package dev.millrace.examples.guide;

import static dev.millrace.pipeline.Aggregators.counting;
import static dev.millrace.pipeline.Aggregators.summing;
import static dev.millrace.pipeline.policy.Aggregation.keptIn;
import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.ExamplePage;
import dev.millrace.files.Csv;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on the verbs. */
@Timeout(120)
class PipelinesGuideTest {

    private static final ExamplePage PAGE = ExamplePage.ofDocs("pipelines");

    private static final Order LAMPS = new Order("ada", "lamp", 2);
    private static final Order DESK = new Order("bob", "desk", 1);
    private static final Order NONE = new Order("ada", "rug", 0);
    private static final Source<Order> ORDERS = Sources.of(LAMPS, DESK, NONE);

    @TempDir
    private Path directory;

    private static <T> List<T> valuesOf(Stage<T> stage) throws InterruptedException {
        List<T> values = Collections.synchronizedList(new ArrayList<>());
        run(stage.to(Sinks.into(values)));
        return values;
    }

    private static void run(Pipeline pipeline) throws InterruptedException {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
    }

    private static Stage<Order> orders() {
        return Pipeline.named("orders").from(ORDERS);
    }

    /** What came to where records are looked at. */
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldMakeValuesOfValues() throws InterruptedException {
        // docs:begin
        Stage<String> words = Pipeline.named("words")
                .from(Sources.of("to be", "", "or not"))
                .filter(line -> !line.isEmpty())
                .flatMap(line -> List.of(line.split(" ")))
                .map(String::toUpperCase)
                .peek(record -> seen.add(record.position() + " " + record.value()));
        // docs:end
        assertThat(valuesOf(words)).containsExactly("TO", "BE", "OR", "NOT");
        assertThat(seen).containsExactly("0@0 TO", "0@0 BE", "0@2 OR", "0@2 NOT");
    }

    @Test
    void shouldJoinWithATable() throws InterruptedException {
        Stage<Order> orders = orders();
        // docs:begin
        Enricher<String, Integer> prices = Enrichers.of(Map.of("lamp", 30, "desk", 200));

        Stage<String> all = orders.enrich(
                prices,
                Order::product,
                (order, price) -> order.product() + " "
                        + price.map(each -> each * order.pieces()).orElse(0));

        Stage<String> priced = orders.enrichOrDrop(
                prices, Order::product, (order, price) -> order.product() + " " + price * order.pieces());
        // docs:end
        assertThat(valuesOf(all)).containsExactly("lamp 60", "desk 200", "rug 0");
        assertThat(valuesOf(priced)).containsExactly("lamp 60", "desk 200");
    }

    /** A service that is asked over a network. */
    interface Stock {

        Optional<Integer> of(String product) throws IOException;
    }

    @Test
    void shouldAskManyAtOnce() throws InterruptedException {
        Stock stock = product -> product.equals("rug") ? Optional.empty() : Optional.of(7);
        Stage<Order> orders = orders();
        // docs:begin
        Stage<String> stocked = orders.enrich(
                Enrichers.blocking(stock::of),
                Order::product,
                (order, pieces) -> order.product() + " " + pieces.orElse(0),
                with().name("stock").concurrency(32).timeout(ofSeconds(5)));
        // docs:end
        assertThat(valuesOf(stocked)).containsExactly("lamp 7", "desk 7", "rug 0");
    }

    @Test
    void shouldKeepTheOrderOfKeys() throws InterruptedException {
        List<Order> stored = Collections.synchronizedList(new ArrayList<>());
        Sink<Order> store = Sinks.into(stored);
        Stage<Order> orders = orders();
        // docs:begin
        Pipeline perCustomer = orders.keyBy(Order::customer).to(store, with().ordering(Ordering.PER_KEY));
        // docs:end
        run(perCustomer);
        assertThat(stored).containsExactlyInAnyOrder(LAMPS, DESK, NONE).containsSubsequence(LAMPS, NONE);
    }

    @Test
    void shouldGatherLists() throws InterruptedException {
        Stage<Integer> numbers = Pipeline.named("numbers")
                .from(Sources.of(IntStream.range(0, 250).boxed().toList()));
        // docs:begin
        Stage<List<Integer>> hundreds = numbers.batch(100);
        // docs:end
        assertThat(valuesOf(hundreds)).extracting(List::size).containsExactly(100, 100, 50);
    }

    record Total(String product, long pieces) {}

    @Test
    void shouldTellOfSums() throws Exception {
        Path file = directory.resolve("orders.csv");
        Files.writeString(file, "customer,product,pieces\nada,lamp,2\nbob,desk,1\nada,lamp,3\n");
        // docs:begin
        StateDirectory states = StateDirectory.at(directory);

        Stage<Total> totals = Pipeline.named("totals")
                .from(Csv.source(file, Order.class).positionKeptIn(states))
                .keyBy(Order::product)
                .aggregate(
                        summing(order -> (long) order.pieces()),
                        Total::new,
                        keptIn(states).every(ofSeconds(10)));
        // docs:end
        assertThat(lastOf(valuesOf(totals))).isEqualTo(Map.of("lamp", 5L, "desk", 1L));

        Files.writeString(file, "customer,product,pieces\nada,lamp,2\nbob,desk,1\nada,lamp,3\neve,lamp,10\n");
        assertThat(lastOf(valuesOf(totals))).as("what has changed").isEqualTo(Map.of("lamp", 15L));
    }

    /** What was told last of each product: how often it is told is for the speed of the machine to say. */
    private static Map<String, Long> lastOf(List<Total> totals) {
        Map<String, Long> last = new HashMap<>();
        totals.forEach(total -> last.put(total.product(), total.pieces()));
        return last;
    }

    @Test
    void shouldReplaceASnapshot() throws Exception {
        Path file = directory.resolve("totals.csv");
        Stage<Order> orders = orders();
        // docs:begin
        Pipeline counts = orders.keyBy(Order::product)
                .snapshots(counting(), Total::new, keptIn(StateStore.none()))
                .to(Csv.replacing(file, Total.class));
        // docs:end
        run(counts);
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrder("product,pieces", "lamp,1", "desk,1", "rug,1");
    }

    @Test
    void shouldGoSeveralWays() throws InterruptedException {
        List<Order> archived = Collections.synchronizedList(new ArrayList<>());
        List<String> warned = Collections.synchronizedList(new ArrayList<>());
        List<Order> stored = Collections.synchronizedList(new ArrayList<>());
        Sink<Order> archive = Sinks.into(archived);
        Sink<String> warnings = Sinks.into(warned);
        Sink<Order> store = Sinks.into(stored);
        Stage<Order> orders = orders();
        // docs:begin
        Pipeline threeWays = orders.alsoTo(archive)
                .branch(all -> all.filter(order -> order.pieces() == 0)
                        .map(Order::customer)
                        .to(warnings))
                .filter(order -> order.pieces() > 0)
                .to(store);
        // docs:end
        run(threeWays);
        assertThat(archived).containsExactly(LAMPS, DESK, NONE);
        assertThat(warned).containsExactly("ada");
        assertThat(stored).containsExactly(LAMPS, DESK);
    }

    @Test
    void shouldEndAfterSoMany() throws InterruptedException {
        Stage<Order> orders = orders();
        // docs:begin
        Stage<Order> trial = orders.limit(2).throttle(Throttle.perSecond(50));
        // docs:end
        assertThat(valuesOf(trial)).containsExactly(LAMPS, DESK);
    }

    @Test
    void shouldWriteInBatches() throws InterruptedException {
        List<Order> stored = Collections.synchronizedList(new ArrayList<>());
        Sink<Order> store = Sinks.ofBatches(stored::addAll);
        Stage<Order> orders = orders();
        // docs:begin
        Pipeline inBatches = orders.to(
                store,
                with().batch(BatchPolicy.of(500, ofMillis(50)))
                        .ordering(Ordering.UNORDERED)
                        .concurrency(4));
        // docs:end
        run(inBatches);
        assertThat(stored).containsExactlyInAnyOrder(LAMPS, DESK, NONE);
    }

    @Test
    void shouldDescribeAsThePageShows() throws Exception {
        String text = Printed.by(() -> {
            // docs:begin
            Kafka kafka = Kafka.at("localhost:9092");
            Cassandra cassandra = Cassandra.at("localhost:9042");
            Pipeline orders = Pipeline.named("orders")
                    .from(kafka.source("orders", JsonSerde.of(Order.class)))
                    .branch(all -> all.map(Order::customer).to(Sinks.table(System.out)))
                    .filter(order -> order.pieces() > 0, with().name("not-empty"))
                    .to(
                            cassandra.sink("shop.orders", Order.class),
                            with().onFailure(deadLetter(kafka.deadLetters("orders-dlq"))));

            System.out.print(orders.describe());
            // docs:end
        });
        assertThat(text).isEqualTo(PAGE.blocks("text").get(0));
    }

    @Test
    void shouldPreviewAsThePageShows() throws Exception {
        String table = Printed.by(() -> {
            // docs:begin
            Pipeline.named("pieces")
                    .from(Sources.of("2", "two", "0"))
                    .map(Integer::valueOf)
                    .filter(pieces -> pieces > 0)
                    .to(Sinks.discard())
                    .preview(10, ofMinutes(1))
                    .printTo(System.out);
            // docs:end
        });
        assertThat(table).isEqualTo(PAGE.blocks("text").get(1));
    }
}
