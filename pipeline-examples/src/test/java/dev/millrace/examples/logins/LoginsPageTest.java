package dev.millrace.examples.logins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.ExamplePage;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of the example shows the code that runs, and the diagram that it draws. */
class LoginsPageTest {

    private final ExamplePage page = new ExamplePage("logins");

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = ExamplePage.marked("logins/LoginsPipeline.java");

        assertThat(page.blocks("java")).isEqualTo(code).hasSize(1);
        assertThat(String.join("", code).lines()).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void shouldShowTheDiagramOfThePipeline() throws IOException {
        Pipeline logins = LoginsPipeline.of(
                Kafka.at("localhost:9092"), Cassandra.at("localhost:9042"), Duration.ofSeconds(30), System.out);

        assertThat(page.blocks("mermaid")).containsExactly(logins.describeAsMermaid());
    }
}
