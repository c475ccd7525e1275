import static dev.millrace.pipeline.Aggregators.counting;
import static dev.millrace.pipeline.policy.Aggregation.keptIn;

import dev.millrace.files.Csv;
import dev.millrace.files.Json;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.state.StateDirectory;

record Order(String customer, String product, int pieces) {}

record Shipped(String product, boolean byVirtualThread) {}

record Count(String product, long orders) {}

void main() throws InterruptedException {
    var output = Path.of("target");
    var states = StateDirectory.at(output.resolve("states"));
    var stock = Enrichers.blocking((String product) ->
            Optional.of(new Shipped(product, Thread.currentThread().isVirtual())));
    var orders = Pipeline.named("orders")
            .from(Csv.source(Path.of("input/orders.csv"), Order.class).positionKeptIn(states))
            .filter(order -> order.pieces() > 0)
            .enrichOrDrop(stock, Order::product, (_, shipped) -> shipped)
            .alsoTo(Json.appending(output.resolve("shipped.jsonl"), Shipped.class))
            .keyBy(Shipped::product)
            .snapshots(counting(), Count::new, keptIn(states))
            .to(Csv.replacing(output.resolve("counts.csv"), Count.class));

    try (var running = PipelineRunner.create().start(orders)) {
        running.awaitTermination();
    }
    IO.println("on Java " + Runtime.version().feature());
}
