package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

/** The files of JSONTestSuite (nst/JSONTestSuite): y_ must be read, n_ must be refused, i_ may be either. */
class JsonTestSuiteTest {

    private static final Path FILES =
            Path.of(System.getProperty("millrace.data", "data"), "badinputs", "JSONTestSuite", "test_parsing");

    @Test
    void shouldReadWhatIsValidAndRefuseWhatIsNot() throws IOException {
        assumeTrue(Files.isDirectory(FILES), () -> FILES + " is not there: JSONTestSuite is not part of the project");
        Deserializer<JsonNode> json = JsonSerde.tree().deserializer();
        int checked = 0;
        for (Path file : files()) {
            String name = file.getFileName().toString();
            byte[] bytes = Files.readAllBytes(file);
            if (name.equals("y_structure_lonely_null.json")) {
                assertThatThrownBy(() -> json.deserialize("t", bytes)).as(name).hasMessageEndingWith("got null");
            } else if (name.startsWith("y_")) {
                assertThat(json.deserialize("t", bytes)).as(name).isNotNull();
            } else if (name.startsWith("n_")) {
                assertThatThrownBy(() -> json.deserialize("t", bytes))
                        .as(name)
                        .isExactlyInstanceOf(RefusedRecordException.class);
            } else {
                try {
                    assertThat(json.deserialize("t", bytes)).as(name).isNotNull();
                } catch (RefusedRecordException e) {
                    assertThat(e).as(name).hasNoCause();
                }
            }
            checked++;
        }
        assertThat(checked).isGreaterThan(300);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.sorted().toList();
        }
    }
}
