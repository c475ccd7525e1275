package dev.millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.WriteResult;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source and another program read what a sink wrote. A failure names its seed; set it to see it again. */
class RoundTripTest {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 60);

    private static final String[] PIECES = {
        "a", "7", "\0", "\n", "'", "\"", "\\N", "\u00e4", "\uD83D\uDE00", "\uFEFF", "\u2028", ""
    };

    @TempDir
    Path directory;

    enum Colour {
        RED,
        DARK_BLUE {
            @Override
            public String toString() {
                return "blue, dark";
            }
        }
    }

    record Inner(
            @Nullable String text, int number, @Nullable List<@Nullable Long> numbers) {}

    record Row(
            @Nullable String text,
            boolean flag,
            byte tiny,
            short small,
            int number,
            long large,
            float single,
            double real,
            @Nullable Boolean maybeFlag,
            @Nullable Byte maybeTiny,
            @Nullable Short maybeSmall,
            @Nullable Integer maybeNumber,
            @Nullable Long maybeLarge,
            @Nullable Float maybeSingle,
            @Nullable Double maybeReal,
            @Nullable Instant instant,
            @Nullable LocalDate date,
            @Nullable LocalTime time,
            @Nullable LocalDateTime dateTime,
            @Nullable UUID id,
            @Nullable Colour colour,
            @Nullable Inner inner,
            @Nullable List<@Nullable String> texts,
            @Nullable List<@Nullable Inner> inners,
            @Nullable List<@Nullable List<@Nullable Integer>> nested) {}

    private static <V> @Nullable V maybe(Random random, Supplier<V> value) {
        return random.nextInt(4) == 0 ? null : value.get();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static <V> List<V> list(Random random, Supplier<V> value) {
        List<V> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(maybe(random, value));
        }
        return list;
    }

    private static Inner inner(Random random) {
        return new Inner(
                maybe(random, () -> text(random)),
                random.nextInt(),
                maybe(random, () -> list(random, random::nextLong)));
    }

    private static Instant instant(Random random) {
        long micros = random.nextLong() >> random.nextInt(64);
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }

    private static LocalDateTime dateTime(Random random) {
        return LocalDateTime.of(2000, 1, 1, 0, 0).plusNanos((random.nextLong() >> random.nextInt(64)) / 1_000 * 1_000);
    }

    private static double real(Random random) {
        return List.of(random.nextGaussian(), 0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE)
                .get(random.nextInt(6));
    }

    private static Row row(Random random) {
        return new Row(
                maybe(random, () -> text(random)),
                random.nextBoolean(),
                (byte) random.nextInt(),
                (short) random.nextInt(),
                random.nextInt(),
                random.nextLong(),
                (float) real(random),
                real(random),
                maybe(random, random::nextBoolean),
                maybe(random, () -> (byte) random.nextInt()),
                maybe(random, () -> (short) random.nextInt()),
                maybe(random, random::nextInt),
                maybe(random, random::nextLong),
                maybe(random, random::nextFloat),
                maybe(random, () -> real(random)),
                maybe(random, () -> instant(random)),
                maybe(random, () -> LocalDate.ofEpochDay(random.nextInt())),
                maybe(random, () -> LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L + 1_000)),
                maybe(random, () -> dateTime(random)),
                maybe(random, () -> new UUID(random.nextLong(), random.nextLong())),
                maybe(random, () -> random.nextBoolean() ? Colour.RED : Colour.DARK_BLUE),
                maybe(random, () -> inner(random)),
                maybe(random, () -> list(random, () -> text(random))),
                maybe(random, () -> list(random, () -> inner(random))),
                maybe(random, () -> list(random, () -> list(random, random::nextInt))));
    }

    private static <T extends Record> WriteResult write(Path file, Class<T> type, Compression compression, List<T> rows)
            throws Exception {
        ParquetSink<Collection<? extends T>> sink =
                Parquet.replacing(file, type).compression(compression);
        return Writing.write(sink, List.of(PipelineRecord.of(rows, "0", 0)));
    }

    @Test
    void shouldReadBackWhateverRowsAreWrittenAndSoShouldAnotherReader() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Random random = new Random(seed);
            Path file = directory.resolve(seed + ".parquet");
            Compression compression = List.of(Compression.values()).get(random.nextInt(4));
            List<Row> rows =
                    Stream.generate(() -> row(random)).limit(random.nextInt(40)).toList();

            assertThat(write(file, Row.class, compression, rows).failures())
                    .as("seed %d", seed)
                    .isEmpty();

            assertThat(Reading.of(Parquet.source(file, Row.class)))
                    .as("seed %d", seed)
                    .isEqualTo(rows);
            assertThat(DuckDb.query("select number, large, maybeReal, text, id, len(texts) from $", file))
                    .as("seed %d", seed)
                    .isEqualTo(rows.stream().map(RoundTripTest::told).toList());
        }
    }

    private static List<@Nullable String> told(Row row) {
        List<@Nullable String> told = new ArrayList<>();
        told.add(String.valueOf(row.number()));
        told.add(String.valueOf(row.large()));
        told.add(row.maybeReal() == null ? null : String.valueOf(row.maybeReal()));
        told.add(row.text());
        told.add(row.id() == null ? null : row.id().toString());
        told.add(row.texts() == null ? null : String.valueOf(row.texts().size()));
        return told;
    }

    record Typed(
            int number,
            @Nullable Double real,
            String text,
            Instant instant,
            LocalDateTime dateTime,
            LocalDate date,
            Colour colour,
            List<String> texts,
            Inner inner) {}

    @Test
    void shouldHaveTypesThatOtherReadersKnow() throws Exception {
        Path file = directory.resolve("typed.parquet");
        Typed typed = new Typed(
                1,
                2.5,
                "x",
                Instant.parse("2026-11-22T01:02:03.456789Z"),
                LocalDateTime.parse("1969-12-31T23:59:59.999999"),
                LocalDate.parse("0004-02-29"),
                Colour.DARK_BLUE,
                List.of("a", "b"),
                new Inner("y", 3, List.of(4L)));
        write(file, Typed.class, Compression.GZIP, List.of(typed));

        assertThat(DuckDb.query("select column_name, column_type from (describe select * from $)", file))
                .containsExactly(
                        List.of("number", "INTEGER"),
                        List.of("real", "DOUBLE"),
                        List.of("text", "VARCHAR"),
                        List.of("instant", "TIMESTAMP WITH TIME ZONE"),
                        List.of("dateTime", "TIMESTAMP"),
                        List.of("date", "DATE"),
                        List.of("colour", "VARCHAR"),
                        List.of("texts", "VARCHAR[]"),
                        List.of("inner", "STRUCT(\"text\" VARCHAR, number INTEGER, numbers BIGINT[])"));
        assertThat(DuckDb.query(
                        "select epoch_us(instant), dateTime::text, date::text, colour, texts::text, \"inner\".text from $",
                        file))
                .containsExactly(List.of(
                        String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, typed.instant())),
                        "1969-12-31 23:59:59.999999",
                        "0004-02-29",
                        "DARK_BLUE",
                        "[a, b]",
                        "y"));
    }

    @Test
    void shouldKeepTimesToTheMicrosecond() throws Exception {
        record Event(Instant time) {}
        Path file = directory.resolve("events.parquet");

        write(file, Event.class, Compression.NONE, List.of(new Event(Instant.ofEpochSecond(7, 123_456_789))));

        assertThat(Reading.of(Parquet.source(file, Event.class)))
                .containsExactly(new Event(Instant.ofEpochSecond(7, 123_456_000)));
    }

    record Edge(
            @Nullable String text,
            @Nullable Instant instant,
            @Nullable LocalDate date,
            @Nullable List<Inner> inners) {}

    @Test
    void shouldRefuseWhatAFileCannotKeep() throws Exception {
        Map<Edge, String> edges = Map.of(
                new Edge("secret\uD83D", null, null, null), "column 'text' must not have half of a surrogate pair",
                new Edge(null, Instant.MAX, null, null), "column 'instant' must be a time that a file can keep",
                new Edge(null, null, LocalDate.MIN, null), "column 'date' must be a time that a file can keep",
                new Edge(null, null, null, List.of(new Inner("\uDE00", 0, null))),
                        "column 'inners.text' must not have half of a surrogate pair");
        for (Map.Entry<Edge, String> edge : edges.entrySet()) {
            Path file = directory.resolve("edges.parquet");

            WriteResult result = write(file, Edge.class, Compression.NONE, List.of(edge.getKey()));

            assertThat(result.failures()).containsOnlyKeys(0);
            assertThat(result.failures().get(0)).hasMessage(edge.getValue());
            assertThat(file).doesNotExist();
        }
    }

    record Unknown(int number, StringBuilder text) {}

    record Outer(List<Unknown> unknowns) {}

    record Generic<V>(V value) {}

    record Node(List<Node> nodes) {}

    record Letter(char letter) {}

    record Nothing() {}

    record Raw(@SuppressWarnings("rawtypes") List raw) {}

    @Test
    void shouldRefuseTheTypeAndNameTheComponentWhenItIsDefined() {
        String kinds =
                " must be text, a number, a boolean, a date or time, a UUID, an enum, a record, or a List of these,"
                        + " got ";
        Map<Class<? extends Record>, String> types = Map.of(
                Unknown.class, "component 'text'" + kinds + "java.lang.StringBuilder",
                Outer.class, "component 'unknowns.text'" + kinds + "java.lang.StringBuilder",
                Generic.class, "component 'value'" + kinds + "V",
                Letter.class, "component 'letter'" + kinds + "char",
                Raw.class, "component 'raw'" + kinds + "java.util.List",
                Node.class, "type must not be part of itself, got " + Node.class.getName(),
                Nothing.class, "type must be a record with one component or more, got " + Nothing.class.getName());
        types.forEach((type, message) -> {
            assertThatThrownBy(() -> Parquet.source(directory, type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> Parquet.appending(directory, type)).hasMessage(message);
            assertThatThrownBy(() -> Parquet.replacing(directory, type)).hasMessage(message);
        });
    }
}
