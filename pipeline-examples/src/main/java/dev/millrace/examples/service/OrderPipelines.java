package dev.millrace.examples.service;

import dev.millrace.files.Json;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The job of the service, and the stand-in for whoever sends orders. */
final class OrderPipelines {

    static final String TOPIC = "orders";

    private OrderPipelines() {}

    static Pipeline of(Kafka kafka, Path file) {
        // docs:begin
        return Pipeline.named("orders")
                .from(kafka.source("orders", JsonSerde.of(Order.class)))
                .filter(order -> order.cents() > 0)
                .to(Json.appending(file, Order.class));
        // docs:end
    }

    static Pipeline sender(Kafka kafka, double rate) {
        AtomicLong number = new AtomicLong();
        return Pipeline.named("order-sender")
                .from(Sources.every(
                        Duration.ofNanos((long) (1e9 / rate)), () -> Order.sample(number.incrementAndGet())))
                .to(kafka.sink(TOPIC, JsonSerde.of(Order.class)).keyedBy(Order::customer));
    }
}
