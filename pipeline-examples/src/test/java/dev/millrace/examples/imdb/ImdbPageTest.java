package dev.millrace.examples.imdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ExamplePage;
import dev.millrace.kafka.Kafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of the example shows the code that runs, and the diagrams that it draws. */
class ImdbPageTest {

    private final ExamplePage page = new ExamplePage("imdb");

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = ExamplePage.marked("imdb/ImdbPipelines.java");

        assertThat(page.blocks("java")).isEqualTo(code).hasSize(2);
        assertThat(String.join("", code).lines()).hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void shouldShowTheDiagramsOfThePipelines() throws IOException {
        Kafka kafka = Kafka.at("localhost:9092");
        ImdbFiles files = new ImdbFiles(Path.of("imdb"));

        assertThat(page.blocks("mermaid"))
                .containsExactly(
                        ImdbPipelines.producer(
                                        Path.of("title.basics.tsv.gz"),
                                        Path.of("title.ratings.tsv.gz"),
                                        Long.MAX_VALUE,
                                        10,
                                        kafka,
                                        files)
                                .describeAsMermaid(),
                        ImdbPipelines.movies(new Prior(3_000, 6.5), Duration.ofSeconds(30), kafka, files)
                                .describeAsMermaid());
    }
}
