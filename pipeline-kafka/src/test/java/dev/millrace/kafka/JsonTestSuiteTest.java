package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

class JsonTestSuiteTest {

    @Test
    void shouldReadWhatIsValidAndRefuseWhatIsNot() throws IOException {
        Deserializer<JsonNode> json = JsonSerde.tree().deserializer();
        for (Path file : JsonTestSuite.files()) {
            String name = file.getFileName().toString();
            byte[] bytes = JsonTestSuite.bytes(file);
            if (JsonTestSuite.mustBeRead(name)) {
                assertThat(json.deserialize("t", bytes)).as(name).isNotNull();
            } else if (JsonTestSuite.mustBeRefused(name)) {
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
        }
    }
}
