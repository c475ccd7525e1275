package dev.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path CODE = Path.of("src/main/java/dev/millrace/examples/ratings/RatingsPipeline.java");

    @Test
    void shouldShowTheVeryCodeThatRuns() throws IOException {
        List<String> code = Files.readAllLines(CODE).stream()
                .dropWhile(line -> !line.strip().equals("// readme:begin"))
                .skip(1)
                .takeWhile(line -> !line.strip().equals("// readme:end"))
                .map(line -> line.substring(Math.min(8, line.length())))
                .toList();
        List<String> shown = Files.readAllLines(Path.of("../README.md")).stream()
                .dropWhile(line -> !line.equals("```java"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .toList();

        assertThat(code).isNotEmpty().hasSizeLessThanOrEqualTo(10);
        assertThat(shown).isEqualTo(code);
    }
}
