package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

/** What editors complete and explain properties by, and the page that explains them. */
class MetadataTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(millrace\\.[a-z.-]+)` \\| ");

    @Test
    void shouldExplainEveryProperty() throws IOException {
        assertThat(properties())
                .allSatisfy(property -> assertThat(property.get("description"))
                        .as(String.valueOf(property.get("name")))
                        .asString()
                        .endsWith("."));
    }

    @Test
    void shouldTellOfEveryPropertyOnThePageAndOfNoOther() throws IOException {
        Set<String> names = properties().stream()
                .map(property -> String.valueOf(property.get("name")))
                .collect(Collectors.toSet());
        Set<String> told = ROW.matcher(Files.readString(Path.of("../../docs/spring-boot.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toSet());

        assertThat(names).contains("management.health.pipelines.enabled");
        names.removeIf(name -> !name.startsWith("millrace."));
        assertThat(told).isEqualTo(names);
    }

    @SuppressWarnings("unchecked") // a list of objects, as the format has it
    private static List<Map<String, Object>> properties() throws IOException {
        Path metadata = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
        Map<String, Object> parsed = JsonParserFactory.getJsonParser().parseMap(Files.readString(metadata));
        return (List<Map<String, Object>>) parsed.get("properties");
    }
}
