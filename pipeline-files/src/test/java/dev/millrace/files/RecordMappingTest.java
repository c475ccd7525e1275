package dev.millrace.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.DeadLetter;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordMappingTest {

    record Primitives(boolean aBoolean, short aShort, int anInt, long aLong, float aFloat, double aDouble) {}

    record Objects(
            @Nullable String text,
            @Nullable Boolean aBoolean,
            @Nullable Short aShort,
            @Nullable Integer anInt,
            @Nullable Long aLong,
            @Nullable Float aFloat,
            @Nullable Double aDouble,
            @Nullable BigDecimal decimal,
            @Nullable BigInteger integer,
            @Nullable LocalDate date,
            @Nullable LocalDateTime dateTime,
            @Nullable Instant instant,
            @Nullable UUID uuid,
            @Nullable TimeUnit unit,
            Optional<Integer> optional) {}

    private static final UUID ID = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

    private static <T extends Record> Reading<T> read(Class<T> type, String content) throws Exception {
        return Reading.of(Csv.stream("x.csv", () -> new ByteArrayInputStream(content.getBytes(UTF_8)), type));
    }

    @Test
    void shouldConvertEachTypeWhenItsTextIsThere() throws Exception {
        assertThat(read(Primitives.class, "aBoolean,aShort,anInt,aLong,aFloat,aDouble\nTRUE,-1,+2, 3 ,4.5,-1e-3\n")
                        .values())
                .containsExactly(new Primitives(true, (short) -1, 2, 3, 4.5f, -0.001));
        String header = "TEXT,a_boolean,a_short,an_int,a_long,a_float,a_double,decimal,integer,date,dateTime,instant,"
                + "uuid,unit,optional\n";
        assertThat(read(
                                Objects.class,
                                header
                                        + " t ,0,1,2,3,4,5,6.70,8,2025-03-26,2025-03-26 18:08,2025-03-26T19:08:29.5+01:00,"
                                        + ID + ",days,9\n" + ",".repeat(14) + "\n")
                        .values())
                .containsExactly(
                        new Objects(
                                " t ",
                                false,
                                (short) 1,
                                2,
                                3L,
                                4f,
                                5d,
                                new BigDecimal("6.70"),
                                BigInteger.valueOf(8),
                                LocalDate.of(2025, 3, 26),
                                LocalDateTime.of(2025, 3, 26, 18, 8),
                                Instant.parse("2025-03-26T18:08:29.5Z"),
                                ID,
                                TimeUnit.DAYS,
                                Optional.of(9)),
                        new Objects(
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            boolean    | yes                  | must be true, false, 1 or 0
            short      | 32768                | must be a whole number from -32768 to 32767
            int        | 2147483648           | must be a whole number
            int        | 1.0                  | must be a whole number
            long       | 9223372036854775808  | must be a whole number
            float      | 1e39                 | must be a number
            double     | 1e309                | must be a number
            double     | NaN                  | must be a number
            double     | 1d                   | must be a number
            double     | 0x1p3                | must be a number
            BigDecimal | 1e1001               | must be a number of at most 1000 digits
            BigDecimal | 1e-2147483647        | must be a number of at most 1000 digits
            BigInteger | 1.0                  | must be a whole number of at most 1000 digits
            LocalDate  | 2025-02-29           | must be a date such as 2025-03-26
            LocalDateTime | 2025-02-28T25:00  | must be a date and time such as 2025-03-26T18:08:29
            Instant    | 2025-02-28           | must be a time such as 2025-03-26T18:08:29Z
            Instant    | 2025-02-29T00:00:00Z | must be a time such as 2025-03-26T18:08:29Z
            UUID       | 1                    | must be a UUID
            Duplicates | middle wins          | must be one of REFUSE, FIRST_WINS, LAST_WINS
            """)
    void shouldSayWhatIsRequiredAndNotWhatArrivedWhenATextDoesNotConvert(String type, String text, String requirement)
            throws Exception {
        List<Class<?>> types = List.of(
                boolean.class,
                short.class,
                int.class,
                long.class,
                float.class,
                double.class,
                BigDecimal.class,
                BigInteger.class,
                LocalDate.class,
                LocalDateTime.class,
                Instant.class,
                UUID.class,
                Duplicates.class);
        Class<?> wanted = types.stream()
                .filter(known -> known.getSimpleName().equals(type))
                .findFirst()
                .orElseThrow();

        Reading<Object> reading = Reading.of(Csv.stream(
                "x.csv",
                () -> new ByteArrayInputStream(("c\n" + text + "\n").getBytes(UTF_8)),
                row -> java.util.Objects.requireNonNull(row.get("c", wanted))));

        assertThat(reading.reasons()).containsExactly("x.csv line 2: column 'c' " + requirement);
        assertThat(reading.refused().get(0).cause()).hasNoCause();
    }

    record Digits(BigInteger integer, BigDecimal decimal) {}

    @Test
    void shouldTakeALongNumberButNotALongerOneWhenItHasAThousandDigits() throws Exception {
        String most = "1".repeat(1_000);

        Reading<Digits> reading =
                read(Digits.class, "integer,decimal\n" + most + "," + most + "\n1" + most + ",1\n1,1" + most + "\n");

        assertThat(reading.values()).containsExactly(new Digits(new BigInteger(most), new BigDecimal(most)));
        assertThat(reading.reasons())
                .containsExactly(
                        "x.csv line 3: column 'integer' must be a whole number of at most 1000 digits",
                        "x.csv line 4: column 'decimal' must be a number of at most 1000 digits");
    }

    record Checked(int value) {
        Checked {
            if (value < 0) {
                throw new IllegalArgumentException("value must not be negative, got " + value);
            }
        }
    }

    @Test
    void shouldRefuseTheRowAndKeepTheCauseWhenTheConstructorThrows() throws Exception {
        Reading<Checked> reading = read(Checked.class, "value\n1\n-1\n2\n");

        assertThat(reading.values()).containsExactly(new Checked(1), new Checked(2));
        assertThat(reading.reasons())
                .containsExactly("x.csv line 3: Checked threw java.lang.IllegalArgumentException when made of the row");
        assertThat(reading.refused())
                .extracting(DeadLetter::cause)
                .singleElement()
                .satisfies(cause -> assertThat(cause).hasRootCauseMessage("value must not be negative, got -1"));
    }

    record Names(String aB, String ab) {}

    @Test
    void shouldPreferTheExactNameWhenSeveralColumnsWouldDo() throws Exception {
        assertThat(read(Names.class, "ab,AB,aB\n1,2,3\n").values()).containsExactly(new Names("3", "1"));
    }

    record Lists(List<String> values) {}

    record Nothing() {}

    record Raw<T>(T value) {}

    @Test
    void shouldRefuseTheTypeWhenNoTextConvertsToAComponent() {
        Path file = Path.of("x.csv");

        assertThatThrownBy(() -> Csv.source(file, Lists.class))
                .hasMessage("component 'values' of " + Lists.class.getName()
                        + " must have a type that text converts to, got java.util.List<java.lang.String>");
        assertThatThrownBy(() -> Csv.source(file, Raw.class))
                .hasMessage("component 'value' of " + Raw.class.getName()
                        + " must have a type that text converts to, got T");
        assertThatThrownBy(() -> Csv.source(file, Nothing.class))
                .hasMessage("type must be a record with one component or more, got " + Nothing.class.getName());
    }
}
