package dev.millrace.examples.weather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of the example shows the code that runs, and the diagrams that it draws. */
class WeatherPageTest {

    private static final Path PAGE = Path.of("../docs/examples/weather.md");
    private static final Path CODE = Path.of("src/main/java/dev/millrace/examples/weather");
    private static final int INDENT = 8;

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = new ArrayList<>();
        for (String file : List.of("OpenWeather.java", "WeatherPipelines.java")) {
            between(CODE.resolve(file), "// docs:begin", "// docs:end")
                    .forEach(block -> code.add(block.indent(-INDENT)));
        }

        assertThat(between(PAGE, "```java", "```")).isEqualTo(code).hasSize(3);
        assertThat(String.join("", code).lines()).hasSizeLessThanOrEqualTo(40);
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

        assertThat(between(PAGE, "```mermaid", "```"))
                .containsExactly(fetch.describeAsMermaid(), store.describeAsMermaid());
    }

    /** The blocks between such lines. */
    private static List<String> between(Path file, String begin, String end) throws IOException {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        for (String line : Files.readAllLines(file)) {
            if (line.strip().equals(begin)) {
                block = new StringBuilder();
            } else if (block != null && line.strip().equals(end)) {
                blocks.add(block.toString());
                block = null;
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }
}
