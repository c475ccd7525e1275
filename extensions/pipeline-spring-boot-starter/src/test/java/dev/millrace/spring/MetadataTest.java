package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What editors complete and explain properties by. */
class MetadataTest {

    @Test
    @SuppressWarnings("unchecked") // a list of objects, as the format has it
    void shouldExplainEveryProperty() throws IOException {
        Path metadata = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
        Map<String, Object> parsed = JsonParserFactory.getJsonParser().parseMap(Files.readString(metadata));
        List<Map<String, Object>> properties = (List<Map<String, Object>>) parsed.get("properties");

        assertThat(properties)
                .extracting(property -> property.get("name"))
                .contains(
                        "millrace.auto-startup",
                        "millrace.on-failure",
                        "millrace.pipelines",
                        "millrace.runner.workers",
                        "millrace.runner.drain-timeout",
                        "millrace.runner.restart.max-attempts",
                        "management.health.pipelines.enabled");
        assertThat(properties)
                .allSatisfy(property -> assertThat(property.get("description"))
                        .as(String.valueOf(property.get("name")))
                        .asString()
                        .endsWith("."));
    }
}
