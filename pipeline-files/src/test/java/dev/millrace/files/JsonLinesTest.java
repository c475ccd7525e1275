package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.pipeline.record.PipelineRecord;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @TempDir
    Path directory;

    record Rating(String user, int rating, @Nullable Instant timestamp) {

        Rating {
            if (rating == 99) {
                throw new IllegalArgumentException(user);
            }
        }
    }

    private Path file(byte[] content) throws Exception {
        return Files.write(directory.resolve("ratings.jsonl"), content);
    }

    private Path file(String content) throws Exception {
        return file(content.getBytes(UTF_8));
    }

    @Test
    void shouldReadRecordsWhenEachLineHoldsOne() throws Exception {
        Path file = file("{\"user\":\"Ada\",\"rating\":7,\"timestamp\":\"2025-03-25T09:53:42.472256\"}\r\n"
                + "\n  \t\r\n {\"user\":\"\\u00e4\u00e4\",\"rating\":8,\"more\":[{}]} ");

        Reading<Rating> reading = Reading.of(Json.lines(file, Rating.class));

        assertThat(reading.values())
                .containsExactly(
                        new Rating("Ada", 7, Instant.parse("2025-03-25T09:53:42.472256Z")),
                        new Rating("\u00e4\u00e4", 8, null));
        assertThat(reading.refused()).isEmpty();
    }

    @Test
    void shouldReadTreesWhenNoTypeIsGiven() throws Exception {
        Path file = file("\uFEFF{\"a\":1}\n[2,null]\n\"x\"\n3.5\n");

        assertThat(Reading.of(Json.lines(file)).values())
                .extracting(JsonNode::toString)
                .containsExactly("{\"a\":1}", "[2,null]", "\"x\"", "3.5");
    }

    @Test
    void shouldRefuseJustTheLineAndNameItWhenItIsBad() throws Exception {
        Path file = file(String.join(
                "\n",
                "{\"user\":\"secret\",\"rating\":\"7\"}",
                "{\"user\":\"secret\",\"rating\":1,}",
                "{\"user\":\"secret\",\"rat",
                "{\"user\":\"secret\"}",
                "{\"user\":\"secret\",\"rating\":99}",
                "{\"user\":\"secret\",\"rating\":1} {}",
                "null",
                "{\"user\":\"secret\",\"rating\":1,\"timestamp\":3}",
                "[".repeat(200),
                "{\"user\":\"Ada\",\"rating\":7}"));

        Reading<Rating> reading = Reading.of(Json.lines(file, Rating.class));

        assertThat(reading.values()).containsExactly(new Rating("Ada", 7, null));
        assertThat(reading.reasons())
                .containsExactly(
                        "ratings.jsonl line 1: $.rating must be an int, got a string (column 27)",
                        "ratings.jsonl line 2: $ is no JSON (column 29)",
                        "ratings.jsonl line 3: $ ends too early (column 22)",
                        "ratings.jsonl line 4: $.rating must be an int, and is absent (column 17)",
                        "ratings.jsonl line 5: $: Rating refuses its components with java.lang.IllegalArgumentException"
                                + " (column 29)",
                        "ratings.jsonl line 6: $ is followed by more (column 30)",
                        "ratings.jsonl line 7: $ must be a Rating, got null",
                        "ratings.jsonl line 8: $.timestamp must be an Instant, got an integer (column 41)",
                        "ratings.jsonl line 9: $ must be a Rating, got an array (column 1)");
        assertThat(reading.refused())
                .noneMatch(letter -> String.valueOf(letter.cause().getCause()).contains("secret"));
    }

    @Test
    void shouldHoldTheBytesInTheDeadLetterWhenTheLineIsNoText() throws Exception {
        byte[] bad = "{\"user\":\"\u00e4\",\"rating\":7}".getBytes(ISO_8859_1);
        byte[] good = "{\"user\":\"Ada\",\"rating\":7}".getBytes(UTF_8);
        byte[] both = Arrays.copyOf(bad, bad.length + 1 + good.length);
        both[bad.length] = '\n';
        System.arraycopy(good, 0, both, bad.length + 1, good.length);

        Reading<Rating> reading = Reading.of(Json.lines(file(both), Rating.class));

        PipelineRecord<?> letter = reading.refused().get(0).original();
        assertThat((byte[]) letter.value()).isEqualTo(bad);
        assertThat(letter.position()).hasToString("ratings.jsonl@0");
        assertThat(letter.key()).isNull();
        assertThat(reading.reasons()).containsExactly("ratings.jsonl line 1: $ is no JSON (column 12)");
        assertThat(reading.values()).containsExactly(new Rating("Ada", 7, null));
    }

    @Test
    void shouldRefuseJustTheLineWhenItIsLongerThanAllowed() throws Exception {
        Path file = file("[1234567]\r\n[12345678]\n\n[" + "1,".repeat(100_000) + "1]\n[1]");

        Reading<JsonNode> reading = Reading.of(Json.lines(file).maxLength(9));

        assertThat(reading.values()).extracting(JsonNode::toString).containsExactly("[1234567]", "[1]");
        assertThat(reading.reasons())
                .containsExactly(
                        "ratings.jsonl line 2: $ is longer than 9 bytes",
                        "ratings.jsonl line 4: $ is longer than 9 bytes");
        assertThat((byte[]) reading.refused().get(1).original().value()).hasSize(10);
    }

    @Test
    void shouldRefuseALineThatBeginsWithMoreBlanksThanAllowedAndPassOverBlankOnes() throws Exception {
        Path file =
                file(" ".repeat(12) + "{\"a\":1}\n" + " ".repeat(100_000) + "\r\n[1]\n" + " ".repeat(100_000) + "[2]");

        Reading<JsonNode> reading = Reading.of(Json.lines(file).maxLength(10));

        assertThat(reading.values()).extracting(JsonNode::toString).containsExactly("[1]");
        assertThat(reading.reasons())
                .containsExactly(
                        "ratings.jsonl line 1: $ is longer than 10 bytes",
                        "ratings.jsonl line 4: $ is longer than 10 bytes");
    }

    @Test
    void shouldReadByTheMapperWhenOneIsGiven() throws Exception {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
                .build();
        Path file = file("{\"User\":\"Ada\",\"Rating\":\"7\"}\n");

        assertThat(Reading.of(Json.lines(file, Rating.class).mapper(mapper)).values())
                .containsExactly(new Rating("Ada", 7, null));
    }

    @Test
    void shouldNotQuoteKeysOfMapsWhenAValueInThemIsBad() throws Exception {
        record Scores(Map<String, Integer> byUser) {}
        Path file = file("{\"byUser\":{\"secret\":\"x\"}}\n");

        assertThat(Reading.of(Json.lines(file, Scores.class)).reasons())
                .containsExactly("ratings.jsonl line 1: $.byUser.* must be an Integer, got a string (column 21)");
    }

    @Test
    void shouldReadEachRealResponseWhenTheyAreThere() throws Exception {
        Reading<JsonNode> attempts = Reading.of(Json.lines(SharedData.at("w205/assessment-attempts-3-records.jsonl")));

        Reading<JsonNode> weather = Reading.of(Json.lines(SharedData.at("weather/owm_current_17cities.jsonl")));

        assertThat(weather.refused()).isEmpty();
        assertThat(weather.values().size()).isEqualTo(6_665);
        assertThat(attempts.refused()).isEmpty();
        assertThat(attempts.values())
                .hasSize(3)
                .allMatch(attempt -> attempt.path("sequences").has("questions"));
    }

    @Test
    void shouldSayInOneLineWhatIsWrongWhenItCannotBeOpened() {
        Path missing = directory.resolve("no-such.jsonl");

        assertThatThrownBy(() -> Json.lines(missing).open(CONTEXT))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing + ": there is no such file");
        assertThatThrownBy(() -> Json.lines(missing).maxLength(0))
                .hasMessage("maxLength must be from 1 to 1073741824, got 0");
        assertThat(Json.lines(missing).describe()).isEqualTo("JSON file " + missing);
        assertThat(List.of(Json.lines(missing).toString())).containsExactly("JsonSource[" + missing + "]");
    }

    @Test
    void shouldNotQuoteThePropertyThatIsNotKnown() throws Exception {
        record Known(int a) {}
        record Outer(Known within) {}
        Path file = Files.writeString(
                directory.resolve("outer.jsonl"), "{\"secret\":1}\n{\"within\":{\"a\":1,\"secret\":2}}\n");
        ObjectMapper strict = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

        assertThat(Reading.of(Json.lines(file, Outer.class).mapper(strict)).reasons())
                .containsExactly(
                        "outer.jsonl line 1: $ has a property that Outer does not know (column 13)",
                        "outer.jsonl line 2: $.within has a property that Known does not know (column 28)");
    }
}
