package dev.millrace.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Each limit by default: what is just as large as allowed is read, and one more is refused. */
class JsonLimitsTest {

    private final JsonCodec<JsonNode> codec = new JsonCodec<>(JsonMapping.of(JsonNode.class));

    /** The refusal of a text that is one beyond the limit, once the one at the limit was read. */
    private String refusalBeyond(int limit, IntFunction<String> text) throws Exception {
        assertThat(codec.decode(bytes(text.apply(limit)))).isNotNull();
        return catchThrowableOfType(JsonRefusedException.class, () -> codec.decode(bytes(text.apply(limit + 1))))
                .getMessage();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void shouldBoundTheBytes() throws Exception {
        assertThat(refusalBeyond(10_485_760, count -> "[" + " ".repeat(count - 2) + "]"))
                .isEqualTo("$ is longer than 10485760 bytes");
    }

    @Test
    void shouldBoundTheNesting() throws Exception {
        assertThat(refusalBeyond(100, count -> "[".repeat(count) + "]".repeat(count)))
                .startsWith("$ is beyond a limit: Document nesting depth (101) exceeds the maximum allowed (100");
    }

    @Test
    void shouldBoundTheCharactersOfAText() throws Exception {
        assertThat(refusalBeyond(1_048_576, count -> "{\"a\":\"" + "\u00e4".repeat(count) + "\"}"))
                .startsWith("$ is beyond a limit: String value length (1048577) exceeds the maximum allowed (1048576");
    }

    @Test
    void shouldBoundTheBytesOfAName() throws Exception {
        assertThat(refusalBeyond(1_024, count -> "{\"" + "n".repeat(count) + "\":1}"))
                .startsWith("$ is beyond a limit: Name length (")
                .contains(") exceeds the maximum allowed (1024");
    }

    @Test
    void shouldBoundTheDigitsOfANumber() throws Exception {
        assertThat(refusalBeyond(100, "7"::repeat))
                .startsWith("$ is beyond a limit: Number value length (101) exceeds the maximum allowed (100");
        assertThat(refusalBeyond(100, count -> "1." + "7".repeat(count - 1)))
                .startsWith("$ is beyond a limit: Number value length (101) exceeds the maximum allowed (100");
    }

    @Test
    void shouldBoundTheDigitsThatAnExponentMakes() throws Exception {
        assertThat(refusalBeyond(1_000, count -> "1e" + count)).isEqualTo("$ must be a number of at most 1000 digits");
        assertThat(refusalBeyond(1_000, count -> "1e-" + count)).isEqualTo("$ must be a number of at most 1000 digits");
    }

    @Test
    void shouldBoundTheTokens() throws Exception {
        assertThat(refusalBeyond(1_000_000, count -> "[" + "1,".repeat(count - 3) + "1]"))
                .startsWith("$ is beyond a limit: Token count (1000001) exceeds the maximum allowed (1000000");
    }
}
