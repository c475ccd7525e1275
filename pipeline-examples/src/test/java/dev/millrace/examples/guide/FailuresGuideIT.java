package dev.millrace.examples.guide;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.TestServers;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.RedriveSummary;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page on failures does to a real Kafka. */
@ExtendWith(KafkaServerExtension.class)
@Timeout(300)
class FailuresGuideIT {

    private final List<Order> stored = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void beginAnew(KafkaServer server) throws Exception {
        TestServers.clear(server);
        Patiently.createTopics(Map.of("bootstrap.servers", server.bootstrapServers()), "orders", "orders-dlq");
    }

    @Test
    void shouldKeepDeadLettersAndPutThemBack(KafkaServer server) throws Exception {
        Kafka kafka = Kafka.at(server.bootstrapServers());
        send(kafka, "{\"customer\":\"ada\",\"product\":\"lamp\",\"pieces\":2}", "{\"customer\":\"bob\",\"pieces\":");

        run(orders(kafka, Sinks.into(stored)));

        assertThat(stored).containsOnly(new Order("ada", "lamp", 2));
        ConsumerRecord<String, String> letter =
                TestServers.records(server, "orders-dlq").get(0);
        assertThat(letter.value()).isEqualTo("{\"customer\":\"bob\",\"pieces\":");
        Map<String, String> headers = new TreeMap<>();
        letter.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        assertThat(headers)
                .containsEntry("__connect.errors.topic", "orders")
                .containsEntry("__connect.errors.partition", "0")
                .containsEntry("__connect.errors.offset", "1")
                .containsEntry("__connect.errors.connector.name", "orders")
                .containsEntry("__connect.errors.stage", "from")
                .containsEntry(
                        "__connect.errors.exception.class.name", "dev.millrace.pipeline.spi.RefusedRecordException")
                .containsEntry("millrace.position", "orders-0@1")
                .containsEntry("millrace.stage", "from")
                .containsEntry("millrace.attempts", "1")
                .containsOnlyKeys(
                        "__connect.errors.topic",
                        "__connect.errors.partition",
                        "__connect.errors.offset",
                        "__connect.errors.connector.name",
                        "__connect.errors.stage",
                        "__connect.errors.class.name",
                        "__connect.errors.exception.class.name",
                        "__connect.errors.exception.message",
                        "__connect.errors.exception.stacktrace",
                        "millrace.position",
                        "millrace.stage",
                        "millrace.attempts",
                        "millrace.failed-at",
                        "millrace.timestamp");

        RedriveSummary summary = putBack(kafka);

        assertThat(summary.replayed()).isPositive();
        List<ConsumerRecord<String, String>> orders = TestServers.records(server, "orders");
        ConsumerRecord<String, String> again = orders.get(orders.size() - 1);
        assertThat(again.value()).isEqualTo(letter.value());
        assertThat(again.offset()).isGreaterThanOrEqualTo(2);

        run(orders(kafka, Sinks.into(stored)));
        assertThat(TestServers.records(server, "orders-dlq"))
                .as("it has failed again")
                .anySatisfy(second -> assertThat(second.headers()
                                .lastHeader("__connect.errors.offset")
                                .value())
                        .asString(UTF_8)
                        .isEqualTo(Long.toString(again.offset())));
    }

    private static void send(Kafka kafka, String... values) throws InterruptedException {
        run(Pipeline.named("sender").from(Sources.of(values)).to(kafka.sink("orders", new StringSerializer())));
    }

    private static void run(Pipeline pipeline) throws InterruptedException {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.finish();
            running.awaitTermination();
        }
    }

    private static Pipeline orders(Kafka kafka, Sink<Order> store) {
        // docs:begin
        return Pipeline.named("orders")
                .from(kafka.source("orders", JsonSerde.of(Order.class)))
                .to(store, with().onFailure(deadLetter(kafka.deadLetters("orders-dlq"))));
        // docs:end
    }

    private static RedriveSummary putBack(Kafka kafka) throws InterruptedException {
        // docs:begin
        RedriveSummary summary =
                kafka.redrive("orders-dlq").into("orders").perSecond(100).run();
        // docs:end
        return summary;
    }
}
