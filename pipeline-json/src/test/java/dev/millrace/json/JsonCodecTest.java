package dev.millrace.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.core.JsonToken;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonCodecTest {

    record Rating(String user, int stars) {}

    record Ratings(List<Rating> all) {}

    private static final JsonMapping MAPPING = JsonMapping.of(Ratings.class);

    private static JsonCodec<Ratings> codec() {
        return new JsonCodec<>(MAPPING);
    }

    private static JsonRefusedException refusal(JsonMapping mapping, String json) {
        JsonCodec<Object> codec = new JsonCodec<>(mapping);
        return catchThrowableOfType(JsonRefusedException.class, () -> codec.decode(json.getBytes(UTF_8)));
    }

    @Test
    void shouldReadWhatItWrites() throws Exception {
        Ratings ratings = new Ratings(List.of(new Rating("Zo\u00eb", 5)));

        byte[] json = codec().encode(ratings);

        assertThat(new String(json, UTF_8)).isEqualTo("{\"all\":[{\"user\":\"Zo\u00eb\",\"stars\":5}]}");
        assertThat(codec().decode(json)).isEqualTo(ratings);
    }

    @Test
    void shouldSayWhatIsWrongAndWhereFromWhereverThePathBegins() {
        JsonRefusedException refusal = refusal(MAPPING, "{\n\"all\":[{\"user\":\"secret\",\"stars\":\"secret\"}]}");

        assertThat(refusal).hasMessage("$.all[0].stars must be an int, got a string");
        assertThat(refusal.problem("$[7]")).isEqualTo("$[7].all[0].stars must be an int, got a string");
        assertThat(refusal.line()).isEqualTo(2);
        assertThat(refusal.column()).isPositive();
        assertThat(refusal).hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"all\":[{\"stars\":99999999999}]}|$.all[0].stars must be in the range of int",
                "{\"all\":[{\"stars\":tru}]}|$ is no JSON",
                "{\"all\":[{\"stars\":1|$ ends too early",
                "{\"all\":[{\"more\":1}]}|$.all[0].stars must be an int, and is absent",
                "{\"all\":[1]}|$.all[0] must be a Rating, got an integer",
                "[]|$ must be a Ratings, got an array",
                "{} {}|$ is followed by more",
                "null|$ must be a Ratings, got null",
                "``|$ must be a Ratings, got nothing"
            })
    void shouldNameTheRequirementAndWhatArrived(String json, String problem) {
        assertThat(refusal(MAPPING, json)).hasMessage(problem);
    }

    @Test
    void shouldRefuseWhatItIsAskedTo() {
        String unknown = "{\"all\":[{\"stars\":1,\"secret\":2}]}";
        assertThat(refusal(MAPPING.refusingUnknown(), unknown))
                .hasMessage("$.all[0] has a property that Rating does not know");
        assertThat(refusal(MAPPING.refusingDuplicates(), "{\"all\":[],\"all\":[]}"))
                .hasMessage("$ has an object with the same property twice");
        assertThat(refusal(MAPPING.withMaxLength(9), "{\"all\":[]}")).hasMessage("$ is longer than 9 bytes");
        assertThat(refusal(MAPPING.withLimits(limits -> limits.maxNestingDepth(1)), "{\"all\":[]}")
                        .getMessage())
                .startsWith("$ is beyond a limit: ");
        assertThat(refusal(JsonMapping.of(int.class), "99999999999")).hasMessage("$ must be in the range of int");
    }

    record Open(
            String name,
            @JsonAlias("nick") String nickname,
            @JsonAnySetter Map<String, Integer> rest) {}

    static final class Bean {

        private final Map<String, Integer> rest = new TreeMap<>();

        @JsonAnySetter
        void put(String name, int value) {
            rest.put(name, value);
        }

        @JsonAnyGetter
        Map<String, Integer> rest() {
            return rest;
        }
    }

    @Test
    void shouldNotTellNamesThatWhoeverSentThemMadeUp() {
        assertThat(refusal(JsonMapping.of(Open.class), "{\"secret\":\"x\"}").getMessage())
                .contains("must be an")
                .doesNotContain("secret");
        assertThat(refusal(JsonMapping.of(Bean.class), "{\"secret\":\"x\"}").getMessage())
                .contains("must be an")
                .doesNotContain("secret");
        assertThat(refusal(JsonMapping.of(Open.class), "{\"name\":{}}"))
                .hasMessage("$.name must be a String, got an object");
        assertThat(refusal(JsonMapping.of(Open.class), "{\"nick\":{}}").getMessage())
                .startsWith("$.nick");
    }

    @Test
    void shouldScanWithoutMakingAnything() throws Exception {
        assertThat(codec().scan("[{\"a\":[1,null,\"x\"]}] ".getBytes(UTF_8))).isEqualTo(JsonToken.START_ARRAY);
        assertThat(codec().scan("null".getBytes(UTF_8))).isEqualTo(JsonToken.VALUE_NULL);
        assertThat(codec().scan("-1.5".getBytes(UTF_8)).isNumeric()).isTrue();
        for (String bad : List.of("", "[", "[1", "{} 1", "[] ]", "\"" + "x".repeat((1 << 20) + 1) + "\"")) {
            assertThatThrownBy(() -> codec().scan(bad.getBytes(UTF_8))).isInstanceOf(JsonRefusedException.class);
        }
    }
}
