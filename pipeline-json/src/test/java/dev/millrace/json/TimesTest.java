package dev.millrace.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonFormat.Shape;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.GregorianCalendar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are text, and the times that there are. */
class TimesTest {

    record Plain(
            Instant instant,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            LocalDateTime local,
            LocalDate day,
            LocalTime time,
            OffsetTime offsetTime,
            YearMonth month,
            MonthDay birthday,
            Duration length,
            Date date,
            GregorianCalendar calendar) {}

    record Patterns(
            @JsonFormat(pattern = "yyyy-MM-dd HH:mm:ss") Instant instant,

            @JsonFormat(pattern = "yyyy-MM-dd HH:mm:ss", timezone = "Europe/Berlin")
            Instant berlin,

            @JsonFormat(pattern = "yyyy-MM-dd HH:mm:ssxxx") OffsetDateTime offset,

            @JsonFormat(pattern = "yyyy-MM-dd HH:mm:ss", timezone = "Europe/Berlin")
            ZonedDateTime zoned,

            @JsonFormat(pattern = "dd.MM.uuuu HH:mm") LocalDateTime local,
            @JsonFormat(pattern = "dd.MM.yyyy") LocalDate day,

            @JsonFormat(pattern = "yyyy-MM-dd", timezone = "UTC")
            Date date) {}

    record Asked(
            @JsonFormat(shape = Shape.NUMBER_INT) Instant whole,
            @JsonFormat(shape = Shape.NUMBER_FLOAT) Instant fraction,
            @JsonFormat(shape = Shape.NUMBER) Instant number,
            @JsonFormat(shape = Shape.NUMBER) OffsetDateTime offset,
            @JsonFormat(shape = Shape.NUMBER) Duration length,
            @JsonFormat(shape = Shape.NUMBER) Date date) {}

    private static <T> JsonCodec<T> codec(Class<T> type) {
        return new JsonCodec<>(JsonMapping.of(type));
    }

    private static <T> T read(Class<T> type, String json) throws Exception {
        return codec(type).decode(json.getBytes(UTF_8));
    }

    private static <T> String written(Class<T> type, T value) throws Exception {
        return new String(codec(type).encode(value), UTF_8);
    }

    private static void assertRefused(Class<?> type, String component, String value) {
        JsonRefusedException refused = catchThrowableOfType(
                JsonRefusedException.class, () -> read(type, "{\"" + component + "\":" + value + "}"));
        assertThat(refused).as("%s %s", component, value).hasMessageStartingWith("$." + component + " must be a");
    }

    @Test
    void shouldReadWhatItWritesOfAnyType() throws Exception {
        Instant instant = Instant.parse("2020-09-18T07:15:00.123Z");
        GregorianCalendar calendar = new GregorianCalendar(java.util.TimeZone.getTimeZone("UTC"));
        calendar.setTimeInMillis(instant.toEpochMilli());
        Plain plain = new Plain(
                instant,
                OffsetDateTime.parse("2020-09-18T09:15:00+02:00"),
                ZonedDateTime.parse("2020-09-18T09:15:00+02:00"),
                LocalDateTime.parse("2020-09-18T07:15:00"),
                LocalDate.parse("2020-09-18"),
                LocalTime.parse("07:15:30"),
                OffsetTime.parse("07:15:30+02:00"),
                YearMonth.parse("2020-09"),
                MonthDay.parse("--09-18"),
                Duration.ofMinutes(90),
                Date.from(instant),
                calendar);

        String json = written(Plain.class, plain);

        assertThat(json)
                .contains("\"instant\":\"2020-09-18T07:15:00.123Z\"", "\"offset\":\"2020-09-18T09:15:00+02:00\"")
                .contains("\"length\":\"PT1H30M\"", "\"date\":\"2020-09-18T07:15:00.123+00:00\"");
        assertThat(read(Plain.class, json)).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instant",
                "offset",
                "zoned",
                "local",
                "day",
                "time",
                "offsetTime",
                "month",
                "birthday",
                "length",
                "date",
                "calendar"
            })
    void shouldRefuseWhatIsNoText(String component) {
        for (String value : new String[] {"1600413300", "1600413300000", "1600413300.5", "[2020,9,18]", "true", "{}"}) {
            assertRefused(Plain.class, component, value);
        }
        for (String value : new String[] {"\"1600413300\"", "\"\"", "\"soon\"", "\"2020-02-31T07:15:00Z\""}) {
            assertRefused(Plain.class, component, value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "day,   2020-09-18T07:15:00Z",
        "day,   2020-02-31",
        "local, 2020-09-18T07:15:00Z",
        "local, 2020-02-31T07:15:00",
        "month, 2020-13",
        "time,  24:00:00"
    })
    void shouldRefuseWhatWouldLoseAPartOrBeMoved(String component, String value) {
        assertRefused(Plain.class, component, "\"" + value + "\"");
    }

    @Test
    void shouldReadPatternsAndTakeUtcWhereNoneIsNamed() throws Exception {
        Instant instant = Instant.parse("2020-09-18T07:15:00Z");
        Patterns patterns = new Patterns(
                instant,
                instant,
                OffsetDateTime.parse("2020-09-18T09:15:00+02:00"),
                ZonedDateTime.parse("2020-09-18T09:15:00+02:00[Europe/Berlin]"),
                LocalDateTime.parse("2020-09-18T07:15:00"),
                LocalDate.parse("2020-09-18"),
                Date.from(Instant.parse("2020-09-18T00:00:00Z")));

        String json = written(Patterns.class, patterns);

        assertThat(json)
                .isEqualTo("{\"instant\":\"2020-09-18 07:15:00\",\"berlin\":\"2020-09-18 09:15:00\","
                        + "\"offset\":\"2020-09-18 09:15:00+02:00\",\"zoned\":\"2020-09-18 09:15:00\","
                        + "\"local\":\"18.09.2020 07:15\",\"day\":\"18.09.2020\",\"date\":\"2020-09-18\"}");
        assertThat(read(Patterns.class, json)).isEqualTo(patterns);
    }

    @ParameterizedTest
    @CsvSource({
        "instant, 1600413300000",
        "instant, 1600413300.5",
        "instant, '\"1600413300\"'",
        "instant, '\"2020-09-31 07:15:00\"'",
        "instant, '\"2020-02-31 07:15:00\"'",
        "instant, '\"2020-09-18T07:15:00Z\"'",
        "berlin,  '\"2020-02-31 07:15:00\"'",
        "offset,  '\"2020-02-31 07:15:00+02:00\"'",
        "zoned,   '\"2020-02-31 07:15:00\"'",
        "local,   '\"31.02.2020 07:15\"'",
        "day,     '\"31.02.2020\"'",
        "day,     18",
        "date,    '\"2020-02-31\"'"
    })
    void shouldRefuseNumbersAndDatesThatThereAreNotWhereThereIsAPattern(String component, String value) {
        assertRefused(Patterns.class, component, value);
    }

    @Test
    void shouldReadTheNumberThatItWritesWhereOneIsAskedFor() throws Exception {
        Instant instant = Instant.parse("2020-09-18T07:15:00.250Z");
        Asked asked = new Asked(
                instant,
                instant,
                instant,
                OffsetDateTime.parse("2020-09-18T07:15:00.250Z"),
                Duration.ofMillis(1_500),
                Date.from(instant));

        String json = written(Asked.class, asked);

        assertThat(json).contains("\"whole\":1600413300250,", "\"fraction\":1600413300.250000000,");
        assertThat(read(Asked.class, json)).isEqualTo(asked);
        assertRefused(Asked.class, "whole", "1600413300.25");
        assertRefused(Asked.class, "fraction", "1600413300");
        assertRefused(Asked.class, "whole", "\"2020-09-18T07:15:00Z\"");
    }
}
