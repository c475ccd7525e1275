package dev.millrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimesTest {

    private static final int DATE_LENGTH = 10;
    private static final String LETTERS = "0123456789-:.TtZz+ ,/６";
    private static final List<ChronoUnit> UNITS =
            List.of(ChronoUnit.NANOS, ChronoUnit.MILLIS, ChronoUnit.SECONDS, ChronoUnit.MINUTES, ChronoUnit.DAYS);
    private static final List<String> ENDS = List.of(
            "",
            "",
            "Z",
            "+02:00",
            "-05:30",
            "-00:00",
            "+18:00",
            "+18:01",
            "+0200",
            "+02",
            "+02:00:30",
            "[UTC]",
            " ",
            "z");

    private final SplittableRandom random = new SplittableRandom(7);

    @ParameterizedTest
    @CsvSource({
        "2025-03-25T09:53:42.472256,       2025-03-25T09:53:42.472256Z",
        "2025-03-25T00:00:00,              2025-03-25T00:00:00Z",
        "2025-03-25T00:00:00Z,             2025-03-25T00:00:00Z",
        "2020-09-18 07:15:00,              2020-09-18T07:15:00Z",
        "2025-03-25T09:53:42.1Z,           2025-03-25T09:53:42.100Z",
        "2025-03-25T09:53:42.000000001Z,   2025-03-25T09:53:42.000000001Z",
        "2025-03-25T09:53:42+02:00,        2025-03-25T07:53:42Z",
        "2025-03-25T09:53:42.472-05:30,    2025-03-25T15:23:42.472Z",
        "2025-03-25T09:53,                 2025-03-25T09:53:00Z",
        "2024-02-29T23:59:59.999999999Z,   2024-02-29T23:59:59.999999999Z",
        "0001-01-01T00:00:00Z,             0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z,             9999-12-31T23:59:59Z",
        "1969-12-31T23:59:59.5Z,           1969-12-31T23:59:59.500Z",
        "+12025-03-25T00:00:00Z,           +12025-03-25T00:00:00Z",
        "-0044-03-15T12:00:00Z,            -0044-03-15T12:00:00Z"
    })
    void shouldReadInstants(String text, String instant) {
        assertThat(IsoTimes.instant(text)).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Z",
                "2025",
                "2025-03-25",
                "2025-03-25T",
                "2025-03-25 ",
                "2025-02-29T00:00:00",
                "2025-13-01T00:00:00",
                "2025-00-01T00:00:00",
                "2025-03-32T00:00:00",
                "2025-03-25T24:00:00",
                "2025-03-25T00:60:00",
                "2025-03-25T00:00:60",
                "2025-03-25T00:00:00.1234567890",
                "2025-03-25T00:00:00X",
                "2025-03-25T00:00:00ZZ",
                "2025-03-25T00:00:00 Z",
                "2025-3-25T00:00:00",
                "2025-03-25T0-:00:00",
                "2025-03-25T00:00:00.-1",
                "2025/03/25T00:00:00",
                "1742896422",
                "２０２５-03-25T00:00:00",
                "2025-03-25T00:00:00[Europe/Berlin]",
                "2025-03-25T00:00:00+25:00"
            })
    void shouldRefuseAnythingElse(String text) {
        assertThatThrownBy(() -> IsoTimes.instant(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void shouldReadTheTimesThatTheJdkWrites() {
        for (int i = 0; i < 5_000; i++) {
            LocalDateTime local = randomTime();
            OffsetDateTime offset = local.atOffset(ZoneOffset.ofTotalSeconds(random.nextInt(-64_800, 64_801)));

            assertThat(IsoTimes.local(local.toString())).isEqualTo(local);
            assertThat(IsoTimes.offset(offset.toString())).isEqualTo(offset);
            assertThat(IsoTimes.instant(offset.toString())).isEqualTo(offset.toInstant());
            assertThat(IsoTimes.instant(local.toString())).isEqualTo(local.toInstant(ZoneOffset.UTC));
        }
    }

    @Test
    void shouldAgreeWithTheJdkOnTextsThatAreNearlyTimes() {
        int times = 0;
        for (int i = 0; i < 40_000; i++) {
            String text = nearlyATime();
            Optional<LocalDateTime> local = answer(() -> LocalDateTime.parse(text));
            Optional<OffsetDateTime> offset = answer(() -> OffsetDateTime.parse(text));

            assertThat(answer(() -> IsoTimes.local(text))).as(text).isEqualTo(local);
            assertThat(answer(() -> IsoTimes.offset(text))).as(text).isEqualTo(offset);
            if (text.indexOf(' ') != DATE_LENGTH) {
                assertThat(answer(() -> IsoTimes.instant(text)))
                        .as(text)
                        .isEqualTo(offset.map(OffsetDateTime::toInstant)
                                .or(() -> local.map(time -> time.toInstant(ZoneOffset.UTC))));
            }
            times += local.isPresent() || offset.isPresent() ? 1 : 0;
        }
        assertThat(times).isBetween(4_000, 36_000);
    }

    /** A time as somebody writes it, with none to three letters of it changed, left out or put in. */
    private String nearlyATime() {
        StringBuilder text = new StringBuilder(randomTime()
                .truncatedTo(UNITS.get(random.nextInt(UNITS.size())))
                .toString());
        text.append(ENDS.get(random.nextInt(ENDS.size())));
        for (int changes = random.nextInt(4); changes > 0 && text.length() > 0; changes--) {
            int at = random.nextInt(text.length());
            char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, letter);
                default -> text.setCharAt(at, letter);
            }
        }
        return text.toString();
    }

    private LocalDateTime randomTime() {
        long second = random.nextLong(-62_167_219_200L, 253_402_300_800L);
        int nanos = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1_000) * 1_000_000;
            case 2 -> random.nextInt(1_000_000) * 1_000;
            default -> random.nextInt(1_000_000_000);
        };
        return LocalDateTime.ofEpochSecond(second, nanos, ZoneOffset.UTC);
    }

    private static <T> Optional<T> answer(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
