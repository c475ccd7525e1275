package dev.millrace.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.json.JsonMapping;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is one beyond a limit is refused by itself, named with its place; what is just as large as allowed is read. */
class FileLimitsTest {

    record Numbers(BigInteger whole, BigDecimal decimal) {}

    private static JsonSource<JsonNode> json(JsonForm form, byte[] content) {
        return new JsonSource<>(
                FileInput.of("x.json", () -> new ByteArrayInputStream(content)), form, JsonMapping.of(JsonNode.class));
    }

    private static InputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(UTF_8));
    }

    private static byte[] packed(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void shouldBoundTheColumnsOfARow() throws Exception {
        StringBuilder header = new StringBuilder("c0");
        for (int i = 1; i < 1_000; i++) {
            header.append(",c").append(i);
        }
        String most = "1" + ",1".repeat(999);
        Reading<List<String>> reading = Reading.of(Csv.stream(
                "x.csv", () -> stream(header + "\n" + most + "\n" + most + ",1\n" + most + "\n"), CsvRow::values));

        assertThat(reading.values())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).hasSize(1_000));
        assertThat(reading.reasons()).containsExactly("x.csv line 3: has 1001 columns, at most 1000 are allowed");
    }

    @Test
    void shouldBoundTheDigitsOfANumberInCsv() throws Exception {
        String most = "7".repeat(1_000);
        String content = String.join(
                "\n", "whole,decimal", most + "," + most, most + "7,1", "1," + most + "7", "1,1e1001", "1,2");

        Reading<Numbers> reading = Reading.of(Csv.stream("x.csv", () -> stream(content), Numbers.class));

        assertThat(reading.values())
                .containsExactly(
                        new Numbers(new BigInteger(most), new BigDecimal(most)),
                        new Numbers(BigInteger.ONE, new BigDecimal(2)));
        assertThat(reading.reasons())
                .containsExactly(
                        "x.csv line 3: column 'whole' must be a whole number of at most 1000 digits",
                        "x.csv line 4: column 'decimal' must be a number of at most 1000 digits",
                        "x.csv line 5: column 'decimal' must be a number of at most 1000 digits");
    }

    @ParameterizedTest
    @EnumSource
    void shouldBoundTheBytesOfAJsonValue(JsonForm form) throws Exception {
        List<String> values = List.of("[1234567]", "[12345678]", "\"3456789\"", "\"34567890\"", "[1]");
        String text = form == JsonForm.ARRAY ? "[" + String.join(",", values) + "]" : String.join("\n", values);

        Reading<JsonNode> reading = Reading.of(json(form, text.getBytes(UTF_8)).maxLength(9));

        assertThat(reading.values()).extracting(JsonNode::toString).containsExactly("[1234567]", "\"3456789\"", "[1]");
        assertThat(reading.reasons())
                .containsExactly(root(form, 1) + " is longer than 9 bytes", root(form, 3) + " is longer than 9 bytes");
    }

    private static String root(JsonForm form, int offset) {
        return "x.json " + form.place(offset) + (form == JsonForm.LINES ? ": $" : "");
    }

    /** The limits themselves are held where all JSON is read; here nothing else may be lost to them. */
    @ParameterizedTest
    @EnumSource
    void shouldRefuseJustTheJsonValueThatIsBeyondALimit(JsonForm form) throws Exception {
        List<String> values = new ArrayList<>();
        for (String bad : List.of(
                "[".repeat(101) + "]".repeat(101),
                "{\"" + "n".repeat(1_025) + "\":1}",
                "7".repeat(101),
                "1e1001",
                "\"" + "x".repeat((1 << 20) + 1) + "\"",
                "[" + "1,".repeat(1_000_000) + "1]")) {
            values.add("{\"good\":" + values.size() + "}");
            values.add(bad);
        }
        values.add("{\"good\":" + values.size() + "}");
        String text = form == JsonForm.ARRAY ? "[" + String.join(",", values) + "]" : String.join("\n", values);

        Reading<JsonNode> reading = Reading.of(json(form, text.getBytes(UTF_8)));

        assertThat(reading.values())
                .extracting(value -> value.get("good").asInt())
                .containsExactly(0, 2, 4, 6, 8, 10, 12);
        assertThat(reading.reasons()).hasSize(6);
        for (int i = 0; i < 6; i++) {
            assertThat(reading.reasons().get(i))
                    .startsWith(root(form, 2 * i + 1) + " ")
                    .containsPattern("\\b(100|1024|1000|1048576|1000000)\\b");
        }
    }

    @Test
    void shouldHoldWhatIsUnpackedToTheSameLimits() throws Exception {
        byte[] bomb = new byte[100_000_000];
        Arrays.fill(bomb, (byte) 'x');
        byte[] beginning = "{\"a\":1}\n".getBytes(UTF_8);
        byte[] end = "\n{\"a\":2}\n".getBytes(UTF_8);
        System.arraycopy(beginning, 0, bomb, 0, beginning.length);
        System.arraycopy(end, 0, bomb, bomb.length - end.length, end.length);
        byte[] packed = packed(bomb);
        assertThat(packed.length).as("of 100 MB").isLessThan(200_000);

        Reading<JsonNode> lines = Reading.of(json(JsonForm.LINES, packed));
        Reading<List<String>> rows =
                Reading.of(Csv.stream("x.csv", () -> new ByteArrayInputStream(packed), CsvRow::values));

        assertThat(lines.values()).extracting(JsonNode::toString).containsExactly("{\"a\":1}", "{\"a\":2}");
        assertThat(lines.reasons()).containsExactly("x.json line 2: $ is longer than 10485760 bytes");
        assertThat((byte[]) lines.refused().get(0).original().value())
                .as("all that is kept of it")
                .hasSize(10_485_761);
        assertThat(rows.values()).containsExactly(List.of("{\"a\":2}"));
        assertThat(rows.reasons()).containsExactly("x.csv line 2: is longer than 1048576 characters");
    }
}
