package dev.millrace.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ExamplePage;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of the example shows the code that runs, and the diagram that it draws. */
class ServicePageTest {

    private final ExamplePage page = new ExamplePage("service");

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = new ArrayList<>(ExamplePage.marked("service/OrderPipelines.java"));
        code.addAll(ExamplePage.marked("service/OrderService.java"));

        assertThat(page.blocks("java")).isEqualTo(code).hasSize(4);
    }

    @Test
    void shouldShowTheDiagramOfThePipeline() throws IOException {
        Pipeline orders = OrderPipelines.of(Kafka.at("localhost:9092"), Path.of("orders.jsonl"));

        assertThat(page.blocks("mermaid")).containsExactly(orders.describeAsMermaid());
    }
}
