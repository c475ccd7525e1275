package dev.millrace.examples.weather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.kafka.JsonSerde;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitTableTest {

    private final JsonSerde<SplitTable> serde = JsonSerde.of(SplitTable.class);

    private SplitTable parsed(String json) {
        return serde.deserializer().deserialize("weather", json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldBeWrittenAsPandasWritesIt() {
        SplitTable table = SplitTable.of(List.of(new Wind("Chicago", "US", 3.1), new Wind("Atlantis", null, 4)));

        byte[] json = serde.serializer().serialize("weather", table);

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"columns\":[\"Name\",\"Country\",\"WindSpeed\"],"
                        + "\"data\":[[\"Chicago\",\"US\",3.1],[\"Atlantis\",null,4.0]]}");
    }

    @Test
    void shouldUnpackTheRowsWhateverTheOrderOfTheColumns() {
        SplitTable table = parsed("""
                {"columns": ["WindSpeed", "Name", "Humidity", "Country"], "index": [0, 1],
                 "data": [[3.1, "Chicago", 60, "US"], [4, "Atlantis", 61, null]]}""");

        assertThat(table.rows()).containsExactly(new Wind("Chicago", "US", 3.1), new Wind("Atlantis", null, 4));
    }

    @Test
    void shouldRefuseWhatIsNoSuchTable() {
        SplitTable nameless = parsed("{\"columns\": [\"City\"], \"data\": [[\"Chicago\"]]}");
        SplitTable speedless = parsed(
                "{\"columns\": [\"Name\", \"Country\", \"WindSpeed\"], \"data\": [[\"Chicago\", \"US\", null]]}");

        assertThatThrownBy(nameless::rows).hasMessage("columns must contain Name, got 1 others");
        assertThatThrownBy(speedless::rows).hasMessage("row 0: WindSpeed must be a number");
        String rows = "{\"columns\": [\"Name\", \"Country\", \"WindSpeed\"], \"data\": [[\"Miami\", null, 1], %s]}";
        assertThatThrownBy(parsed(rows.formatted("[1, \"US\", 2]"))::rows).hasMessage("row 1: Name must be a text");
        assertThatThrownBy(parsed(rows.formatted("[\"Chicago\", 1, 2]"))::rows)
                .hasMessage("row 1: Country must be a text or null");
        assertThatThrownBy(parsed(rows.formatted("[\"Chicago\", \"US\"]"))::rows)
                .hasMessage("row 1: must have 3 values, got 2");
        assertThatThrownBy(() -> parsed("{\"data\": []}")).hasMessageContaining("SplitTable");
    }
}
