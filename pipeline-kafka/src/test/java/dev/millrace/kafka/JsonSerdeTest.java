package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSerdeTest {

    record Rating(String user, String movie, int rating, Instant timestamp) {}

    record Times(LocalDate day, LocalDateTime local, Duration length) {}

    record Login(
            @JsonProperty("login_id") String id,

            @JsonFormat(pattern = "dd.MM.yyyy HH:mm", timezone = "UTC")
            Instant created) {}

    record Numbers(Integer whole, Double real, Boolean yes, List<Integer> list, Map<String, Integer> map) {}

    record Positive(int value) {
        Positive {
            if (value < 1) {
                throw new IllegalArgumentException("value must be positive, got " + value);
            }
        }
    }

    record Holder(Moody inner) {}

    record Moody(String text) {
        @Override
        public String text() {
            if (text.equals("CANARY")) {
                throw new IllegalStateException(text);
            }
            return text;
        }
    }

    private static final JsonSerde<Rating> RATINGS = JsonSerde.of(Rating.class);
    private static final String RATING =
            "{\"user\":\"Maria\",\"movie\":\"Halkaa\",\"rating\":10,\"timestamp\":\"2025-03-25T09:53:42.472256\"}";

    @Test
    void shouldReadARecordWithAnInstantWithoutZoneAsUtc() {
        assertThat(read(RATINGS, RATING))
                .isEqualTo(new Rating("Maria", "Halkaa", 10, Instant.parse("2025-03-25T09:53:42.472256Z")));
    }

    @Test
    void shouldWriteWhatItReads() {
        Rating rating = new Rating("Zoë", "15-Aug \"x\"", 1, Instant.parse("2025-03-25T00:00:00Z"));
        byte[] bytes = RATINGS.serializer().serialize("t", rating);

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo("{\"user\":\"Zoë\",\"movie\":\"15-Aug \\\"x\\\"\",\"rating\":1,"
                        + "\"timestamp\":\"2025-03-25T00:00:00Z\"}");
        assertThat(RATINGS.deserializer().deserialize("t", bytes)).isEqualTo(rating);
    }

    @Test
    void shouldWriteOtherTimesAsIsoTextToo() {
        JsonSerde<Times> serde = JsonSerde.of(Times.class);
        Times times =
                new Times(LocalDate.of(2025, 3, 25), LocalDateTime.of(2025, 3, 25, 9, 53), Duration.ofMinutes(90));
        byte[] bytes = serde.serializer().serialize("t", times);

        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo("{\"day\":\"2025-03-25\",\"local\":\"2025-03-25T09:53:00\",\"length\":\"PT1H30M\"}");
        assertThat(serde.deserializer().deserialize("t", bytes)).isEqualTo(times);
    }

    @Test
    void shouldTakeNoBytesForNoValueAndTheReverse() {
        assertThat(RATINGS.deserializer().deserialize("t", null)).isNull();
        assertThat(RATINGS.serializer().serialize("t", null)).isNull();
    }

    @Test
    void shouldHonourNamesAndPatternsOfAnnotations() {
        assertThat(read(JsonSerde.of(Login.class), "{\"login_id\":\"100009\",\"created\":\"18.09.2020 07:15\"}"))
                .isEqualTo(new Login("100009", Instant.parse("2020-09-18T07:15:00Z")));
    }

    @Test
    void shouldIgnoreUnknownPropertiesUnlessTheyAreRefused() {
        String json = "{\"user\":\"Maria\",\"rating\":1,\"extra\":{\"deep\":[1,2]}}";
        assertThat(read(RATINGS, json)).isEqualTo(new Rating("Maria", null, 1, null));

        assertThatThrownBy(() -> read(RATINGS.refusingUnknownProperties(), json))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasMessageContaining("a property that Rating does not know")
                .hasMessageNotContaining("extra");
    }

    @Test
    void shouldLetTheLastOfTwoPropertiesCountUnlessTheyAreRefused() {
        String json = "{\"user\":\"a\",\"user\":\"b\",\"rating\":1}";
        assertThat(read(RATINGS, json).user()).isEqualTo("b");

        assertThatThrownBy(() -> read(RATINGS.refusingDuplicateProperties(), json))
                .hasMessageContaining("an object with the same property twice");
        assertThat(read(RATINGS, json).user())
                .as("the other serde is as it was")
                .isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"user\":\"u\",\"rating\":\"ten\"}|$.rating must be an int, got a string (line 1, column 22)",
                "{\"user\":\"u\",\"rating\":\"10\"}|$.rating must be an int, got a string",
                "{\"user\":\"u\",\"rating\":4.7}|$.rating must be an int, got a number with a fraction",
                "{\"user\":\"u\",\"rating\":true}|$.rating must be an int, got a boolean",
                "{\"user\":\"u\",\"rating\":null}|$.rating must be an int, got null",
                "{\"user\":\"u\"}|$.rating must be an int, and is absent",
                "{\"user\":\"u\",\"rating\":99999999999}|$.rating must be in the range of int",
                "{\"user\":{},\"rating\":1}|$.user must be a String, got an object",
                "{\"user\":true,\"rating\":1}|$.user must be a String, got a boolean",
                "{\"rating\":1,\"timestamp\":1742896422}|$.timestamp must be an Instant, got an integer",
                "{\"rating\":1,\"timestamp\":\"yesterday\"}|$.timestamp must be an Instant, got a string",
                "[1]|$ must be a Rating, got an array",
                "\"text\"|Rating",
                "12|Rating",
                "{\"rating\":1} x|$ is no JSON",
                "{\"rating\":1}{}|$ is followed by more",
                "{\"rating\":1|$ ends too early",
                "{\"rating\":tru}|$ is no JSON",
                "null|$ must be a Rating, got null",
                "``|$ must be a Rating, got nothing",
                "` \n `|$ must be a Rating, got nothing",
            })
    void shouldSayWhatIsWrongAndWhere(String json, String reason) {
        assertThatThrownBy(() -> read(RATINGS, json))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasMessageStartingWith("not a JSON Rating: ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"whole\":1.0}            |$.whole must be an Integer, got a number with a fraction",
                "{\"whole\":\"\"}             |$.whole must be an Integer, got a string",
                "{\"real\":\"1.5\"}           |$.real must be a Double, got a string",
                "{\"yes\":1}                |$.yes must be a Boolean, got an integer",
                "{\"yes\":\"true\"}           |$.yes must be a Boolean, got a string",
                "{\"list\":[\"1\"]}           |$.list[0] must be an Integer, got a string",
                "{\"list\":1}               |$.list must be an ArrayList, got an integer",
                "{\"map\":{\"a\":\"1\"}}        |$.map.* must be an Integer, got a string",
                "{\"map\":[]}               |$.map must be a LinkedHashMap, got an array"
            })
    void shouldNotTurnOneTypeIntoAnother(String json, String problem) {
        assertThatThrownBy(() -> read(JsonSerde.of(Numbers.class), json))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void shouldTakeWhatLosesNothing() {
        assertThat(read(
                        JsonSerde.of(Numbers.class),
                        "{\"real\":1,\"yes\":false,\"whole\":null,\"list\":[1],\"map\":{\"a\":2}}"))
                .isEqualTo(new Numbers(null, 1.0, false, List.of(1), Map.of("a", 2)));
        assertThat(read(RATINGS, "{\"movie\":1917,\"rating\":3}").movie()).isEqualTo("1917");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user\":\"CANARY\",\"rating\":\"CANARY\"}",
                "{\"rating\":CANARY}",
                "CANARY",
                "{\"CANARY\":1,}",
                "{\"timestamp\":\"CANARY\"}",
                "{\"rating\":1} CANARY",
                "{\"user\":[\"CANARY\"],\"rating\":1}",
                "\"CANARY\"",
                "{\"rating\":1,\"user\":\"CANARY",
                "{\"rating\":1,\"CANARY\":1,\"CANARY\":2}"
            })
    void shouldNeverQuoteTheDocument(String json) {
        assertThatThrownBy(() -> read(RATINGS.refusingUnknownProperties().refusingDuplicateProperties(), json))
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("CANARY"));
    }

    @Test
    void shouldNotQuoteKeysOfMaps() {
        JsonSerde<Map<String, Map<String, List<Integer>>>> serde = JsonSerde.of(new TypeReference<>() {});
        assertThatThrownBy(() -> read(serde, "{\"CANARY\":{\"CANARY\":[1,{}]}}"))
                .hasMessageContaining("$.*.*[1] must be an Integer, got an object")
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void shouldNameTheExceptionOfAConstructorWithoutItsText() {
        assertThatThrownBy(() -> read(JsonSerde.of(Positive.class), "{\"value\":-77}"))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasMessageContaining("Positive refuses its components with java.lang.IllegalArgumentException")
                .hasMessageNotContaining("77")
                .hasNoCause();
    }

    @Test
    void shouldRefuseWhatIsBeyondALimitAndTakeWhatIsAtIt() {
        JsonSerde<JsonNode> tree = JsonSerde.tree();
        assertThat(read(tree, nested(100)).isArray()).isTrue();
        refused(tree, nested(101));
        refused(tree, "[".repeat(100_000));
        assertThat(read(tree, "9".repeat(100)).isNumber()).isTrue();
        refused(tree, "9".repeat(101));
        refused(tree, "9".repeat(1_000_000));
        assertThat(read(tree, quoted("a", 1 << 20)).textValue()).hasSize(1 << 20);
        refused(tree, quoted("a", (1 << 20) + 1));
        refused(tree, "{" + quoted("n", 2_000) + ":1}");
        refused(tree, "[" + "1,".repeat(1_000_000) + "1]");
        refused(tree, " ".repeat((10 << 20) - 1) + "11");
    }

    @Test
    void shouldTakeOtherLimits() {
        JsonSerde<JsonNode> tree =
                JsonSerde.tree().limits(it -> it.maxNestingDepth(2).maxDocumentLength(20));
        assertThat(read(tree, nested(2)).isArray()).isTrue();
        refused(tree, nested(3));
        assertThatThrownBy(() -> read(tree, quoted("a", 19)))
                .hasMessage("not a JSON JsonNode: $ is longer than 20 bytes");
    }

    @Test
    void shouldLeaveTheLimitsAloneThatAreNotChanged() {
        JsonSerde<JsonNode> longer = JsonSerde.tree().limits(it -> it.maxDocumentLength(20 << 20));
        refused(longer, nested(101));
        refused(longer, "[" + "1,".repeat(1_000_000) + "1]");
        refused(longer, quoted("a", (1 << 20) + 1));
        assertThat(read(longer, " ".repeat(10 << 20) + "11").intValue()).isEqualTo(11);

        JsonSerde<JsonNode> deeper = JsonSerde.tree().limits(it -> it.maxNestingDepth(200));
        assertThat(read(deeper, nested(200)).isArray()).isTrue();
        refused(deeper, " ".repeat(10 << 20) + "11");
    }

    @Test
    void shouldNotWriteWhatIsTooLongToBeReadAgain() {
        JsonSerde<String> serde = JsonSerde.of(String.class).limits(it -> it.maxDocumentLength(9));

        assertThat(serde.serializer().serialize("t", "1234567")).hasSize(9);
        assertThatThrownBy(() -> serde.serializer().serialize("t", "12345678"))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasMessage("a String cannot be written as JSON: it must not be longer than 9 bytes, got 10");
    }

    @Test
    void shouldTakeATypeWithParametersAndAMapper() {
        ObjectMapper mapper = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        record Title(String showId) {}
        JsonSerde<List<Title>> serde = JsonSerde.of(new TypeReference<>() {}, mapper);

        assertThat(read(serde, "[{\"show_id\":\"s1\"}]")).containsExactly(new Title("s1"));
    }

    @Test
    void shouldTakeAMapperOfTheUsersOwnAndLeaveItAlone() {
        ObjectMapper mapper = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        record Title(String showId) {}
        JsonSerde<Title> serde = JsonSerde.of(Title.class, mapper);
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);

        assertThat(read(serde, "{\"show_id\":\"s1\"}")).isEqualTo(new Title("s1"));
        assertThatThrownBy(() -> read(serde, "{\"show_id\":\"s1\"} {}")).hasMessageContaining("$ is followed by more");
    }

    @Test
    void shouldSayWhatCannotBeWrittenWithoutQuotingIt() {
        assertThatThrownBy(
                        () -> JsonSerde.of(Holder.class).serializer().serialize("t", new Holder(new Moody("CANARY"))))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasMessageContaining("a Holder cannot be written as JSON: $.inner.text")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("CANARY"));
    }

    private static void refused(JsonSerde<?> serde, String json) {
        assertThatThrownBy(() -> read(serde, json))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(250));
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String quoted(String text, int times) {
        return '"' + text.repeat(times) + '"';
    }

    private static <T> T read(JsonSerde<T> serde, String json) {
        return serde.deserializer().deserialize("t", json.getBytes(StandardCharsets.UTF_8));
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
