package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

class CorruptJsonTest {

    record Rating(String user, int rating) {}

    record Large(BigInteger number) {}

    private final Deserializer<JsonNode> tree = JsonSerde.tree().deserializer();

    @Test
    void shouldReadTheDocumentThatTheOthersAreMadeOf() {
        assertThat(tree.deserialize("t", CorruptJson.valid()).path("user").asText())
                .isEqualTo("Jos\u00e9");
    }

    @Test
    void shouldRefuseWhatIsMalformedWithoutQuotingIt() {
        Map<String, byte[]> malformed = CorruptJson.malformed();
        assertThat(malformed).hasSizeGreaterThan(120);
        malformed.forEach((name, document) -> assertThatThrownBy(() -> tree.deserialize("t", document))
                .as(name)
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasNoCause()
                .message()
                .doesNotContain("Jos", "undefined", "Infinity"));
    }

    @Test
    void shouldRefuseBombsAsAnyType() {
        Map<String, Deserializer<?>> readers = Map.of(
                "tree", tree,
                "record", JsonSerde.of(Rating.class).deserializer(),
                "map", JsonSerde.of(Map.class).deserializer());
        CorruptJson.bombs()
                .forEach((name, document) ->
                        readers.forEach((type, reader) -> assertThatThrownBy(() -> reader.deserialize("t", document))
                                .as("%s as %s", name, type)
                                .isExactlyInstanceOf(RefusedRecordException.class)
                                .hasNoCause()));
    }

    @Test
    void shouldNotWriteOutAShortNumberThatStandsForALongOne() {
        byte[] number = "{\"number\":1e1000000000}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> JsonSerde.of(Large.class).deserializer().deserialize("t", number))
                .isExactlyInstanceOf(RefusedRecordException.class);
        byte[] rating = "{\"user\":\"a\",\"rating\":1e1000000000}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> JsonSerde.of(Rating.class).deserializer().deserialize("t", rating))
                .isExactlyInstanceOf(RefusedRecordException.class);
    }
}
