package dev.millrace.examples.ratings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.ExamplePage;
import dev.millrace.kafka.Kafka;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of the example shows the code that runs, and the diagrams that it draws. */
class RatingsPageTest {

    private final ExamplePage page = new ExamplePage("movie-ratings");

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = new ArrayList<>();
        for (String file : List.of("GeneratorOptions", "CatalogueOptions", "RatingsPipeline", "RatingsConsole")) {
            code.addAll(ExamplePage.marked("ratings/" + file + ".java"));
        }

        assertThat(page.blocks("java")).isEqualTo(code).hasSize(4);
        assertThat(String.join("", code).lines()).hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void shouldShowTheDiagramsOfThePipelines() throws IOException {
        Kafka kafka = Kafka.at("localhost:9092");
        ReadOptions reading = new ReadOptions();

        assertThat(page.blocks("mermaid"))
                .containsExactly(
                        RatingsPipeline.of(
                                        reading.on(kafka),
                                        new CatalogueOptions().movies(),
                                        Cassandra.at("localhost:9042"))
                                .describeAsMermaid(),
                        RatingsConsole.pipeline(kafka, reading, System.out).describeAsMermaid());
    }
}
