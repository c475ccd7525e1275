package dev.millrace.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoInstantTest {

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
    void shouldReadIsoText(String text, String instant) {
        assertThat(IsoInstant.parse(text)).isEqualTo(Instant.parse(instant));
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
        assertThatThrownBy(() -> IsoInstant.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void shouldAgreeWithTheFormatterOnAnyTime() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            long second = random.nextLong(-62_135_596_800L, 253_402_300_800L);
            int nanos = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextInt(1_000) * 1_000_000;
                case 2 -> random.nextInt(1_000_000) * 1_000;
                default -> random.nextInt(1_000_000_000);
            };
            Instant instant = Instant.ofEpochSecond(second, nanos);
            assertThat(IsoInstant.parse(instant.toString())).isEqualTo(instant);
            assertThat(IsoInstant.parse(
                            LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString()))
                    .isEqualTo(instant);
        }
    }
}
