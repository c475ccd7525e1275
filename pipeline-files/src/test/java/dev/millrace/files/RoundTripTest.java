package dev.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.spi.WriteResult;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source reads what a sink wrote. A failure names its seed; set it as the first one to see it again. */
class RoundTripTest {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 100);

    private static final String[] PIECES = {
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        "\r\n",
        " ",
        "\0",
        "a",
        "7",
        "#",
        "'",
        "\\",
        "\\N",
        "null",
        "=1+1",
        "\u00e4",
        "\uD83D\uDE00",
        "\uFEFF",
        "\uFFFE",
        "\u2028",
        "\u0085",
        "\u00a0"
    };

    enum Colour {
        RED,
        DARK_BLUE {
            @Override
            public String toString() {
                return "blue, dark";
            }
        }
    }

    record Row(
            @Nullable String text,
            Optional<String> optional,
            int number,
            @Nullable Long large,
            boolean flag,
            double real,
            @Nullable Float single,
            @Nullable BigDecimal decimal,
            @Nullable BigInteger integer,
            @Nullable Instant instant,
            @Nullable LocalDate date,
            @Nullable LocalDateTime time,
            @Nullable UUID id,
            @Nullable Colour colour,
            @Nullable String last) {}

    @TempDir
    Path directory;

    @Test
    void shouldReadBackWhateverRowsAreAppended() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Random random = new Random(seed);
            Path file = directory.resolve("rows" + seed + ".csv");
            List<Row> written = new ArrayList<>();
            for (int batch = random.nextInt(4); batch >= 0; batch--) {
                List<Row> rows = rows(random);
                WriteResult result = Writing.writeAll(Csv.appending(file, Row.class), rows);
                assertThat(result.failures()).as("seed %d", seed).isEmpty();
                written.addAll(rows);
            }

            Outcome<CsvRow, Row> read = Outcome.of(Csv.source(file, Row.class).unwrapped());

            assertThat(read.refused()).as("seed %d", seed).isEmpty();
            assertThat(read.values()).as("seed %d", seed).isEqualTo(written);
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .startsWith("text,optional,");
            Files.delete(file);
        }
    }

    @Test
    void shouldReadBackEachRealTitleWhenTheyAreThere() throws Exception {
        Path real = SharedData.at("imdb/title.basics.sample.tsv.gz");
        List<TsvTest.Title> titles = Outcome.of(
                        Csv.source(real, TsvTest.Title.class).tabSeparated().unwrapped())
                .values();
        Path csv = directory.resolve("titles.csv");
        Path json = directory.resolve("titles.jsonl.gz");

        Writing.writeAll(Csv.appending(csv, TsvTest.Title.class), titles);
        Writing.write(Json.replacing(json, TsvTest.Score.class), List.of(new TsvTest.Score("tt1", 7.5, 3)));

        assertThat(Outcome.of(Csv.source(csv, TsvTest.Title.class).unwrapped())
                        .values()
                        .equals(titles))
                .isTrue();
        assertThat(Outcome.of(Json.lines(json, TsvTest.Score.class).unwrapped()).values())
                .containsExactly(new TsvTest.Score("tt1", 7.5, 3));
    }

    private static List<Row> rows(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            rows.add(new Row(
                    maybe(random, () -> text(random)),
                    Optional.ofNullable(maybe(random, () -> text(random))),
                    random.nextInt(),
                    maybe(random, random::nextLong),
                    random.nextBoolean(),
                    real(random),
                    maybe(random, random::nextFloat),
                    maybe(random, () -> new BigDecimal(new BigInteger(200, random), random.nextInt(400) - 200)),
                    maybe(random, () -> new BigInteger(random.nextInt(3_000), random).negate()),
                    maybe(random, () -> Instant.ofEpochSecond(seconds(random), random.nextInt(1_000_000_000))),
                    maybe(random, () -> LocalDate.ofEpochDay(TimeUnit.SECONDS.toDays(seconds(random)))),
                    maybe(
                            random,
                            () -> LocalDateTime.ofEpochSecond(seconds(random), random.nextInt(3), ZoneOffset.UTC)),
                    maybe(random, () -> new UUID(random.nextLong(), random.nextLong())),
                    maybe(random, () -> Colour.values()[random.nextInt(2)]),
                    maybe(random, () -> text(random))));
        }
        return rows;
    }

    /** From the year -9999 to 11969, and often a whole minute. */
    private static long seconds(Random random) {
        long seconds = (long) (random.nextDouble() * 693_000_000_000L) - 377_000_000_000L;
        return random.nextBoolean() ? seconds : seconds / 60 * 60;
    }

    private static double real(Random random) {
        double any = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(any) ? any : -0.0;
    }

    private static <V> @Nullable V maybe(Random random, Supplier<V> value) {
        return random.nextInt(4) == 0 ? null : value.get();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 5_000 : 5); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
