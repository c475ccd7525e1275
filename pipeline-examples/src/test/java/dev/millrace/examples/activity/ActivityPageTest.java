package dev.millrace.examples.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ExamplePage;
import dev.millrace.files.Json;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.StartPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of the example shows the code that runs, and the diagrams that it draws. */
class ActivityPageTest {

    private final ExamplePage page = new ExamplePage("user-activity");

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = ExamplePage.marked("activity/ActivityPipelines.java");

        assertThat(page.blocks("java")).isEqualTo(code).hasSize(4);
        assertThat(String.join("", code).lines()).hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void shouldShowTheDiagramsOfThePipelines() throws IOException {
        Kafka kafka = Kafka.at("localhost:9092");
        Path file = Path.of("attempts.json");

        assertThat(page.blocks("mermaid"))
                .containsExactly(
                        ActivityPipelines.publish(file, 3_279, 1_000, kafka).describeAsMermaid(),
                        ActivityPipelines.unpack(
                                        kafka,
                                        StartPosition.earliest(),
                                        new ExamCounts(),
                                        Json.appending(Path.of("questions.jsonl"), QuestionRow.class))
                                .describeAsMermaid());
    }
}
