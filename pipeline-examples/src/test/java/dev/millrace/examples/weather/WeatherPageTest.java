package dev.millrace.examples.weather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.ExamplePage;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of the example shows the code that runs, and the diagrams that it draws. */
class WeatherPageTest {

    private final ExamplePage page = new ExamplePage("weather");

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = new ArrayList<>(ExamplePage.marked("weather/OpenWeather.java"));
        code.addAll(ExamplePage.marked("weather/WeatherPipelines.java"));

        assertThat(page.blocks("java")).isEqualTo(code).hasSize(3);
        assertThat(String.join("", code).lines())
                .as("what is asked of the service, and both pipelines")
                .hasSizeLessThanOrEqualTo(40);
    }

    @Test
    void shouldShowTheDiagramsOfThePipelines() throws IOException {
        Kafka kafka = Kafka.at("localhost:9092");
        Pipeline fetch = WeatherPipelines.fetch(
                Sources.every(Duration.ofSeconds(20), List::of),
                3,
                OpenWeather.at(URI.create("https://api.openweathermap.org"), "none"),
                kafka);
        Pipeline store =
                WeatherPipelines.store(kafka, Cassandra.at("localhost:9042"), Path.of("weather.csv"), System.out);

        assertThat(page.blocks("mermaid")).containsExactly(fetch.describeAsMermaid(), store.describeAsMermaid());
    }
}
