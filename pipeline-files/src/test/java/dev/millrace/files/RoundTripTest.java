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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source reads what a sink wrote. A failure names its seed; set it as the first one to see it again. */
class RoundTripTest {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 100);

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

    record Sample(
            @Nullable String text,
            List<@Nullable String> texts,
            Map<String, Double> numbers,
            @Nullable BigDecimal decimal,
            @Nullable Instant instant,
            @Nullable LocalDateTime time,
            @Nullable Colour colour,
            @Nullable Sample within) {}

    /** The same said to a sink and to a source. */
    private record Form(UnaryOperator<CsvSink<Row>> sink, UnaryOperator<CsvSource<Row>> source) {

        static Form any(Random random) {
            Form form = new Form(sink -> sink, source -> source);
            if (random.nextBoolean()) {
                form = form.and(CsvSink::tabSeparated, CsvSource::tabSeparated);
            }
            if (random.nextBoolean()) {
                char delimiter = ";|\t a7-\u00e4".charAt(random.nextInt(8));
                form = form.and(sink -> sink.delimiter(delimiter), source -> source.delimiter(delimiter));
            }
            if (random.nextBoolean()) {
                String absent = AwkwardText.piece(random);
                form = form.and(sink -> sink.absent(absent), source -> source.absent(absent));
            }
            if (random.nextBoolean()) {
                form = form.and(sink -> sink.header(false), source -> source.header(false));
            }
            return form;
        }

        private Form and(UnaryOperator<CsvSink<Row>> toSink, UnaryOperator<CsvSource<Row>> toSource) {
            return new Form(former -> toSink.apply(sink.apply(former)), former -> toSource.apply(source.apply(former)));
        }
    }

    @TempDir
    Path directory;

    @Test
    void shouldReadBackInTheSameFormWhatIsNotRefused() throws Exception {
        int count = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Random random = new Random(seed);
            Form form = Form.any(random);
            Path file = directory.resolve("rows" + seed);
            CsvSink<Row> sink;
            try {
                sink = form.sink().apply(Csv.appending(file, Row.class));
            } catch (IllegalArgumentException theHeaderCannotBeWritten) {
                continue;
            }
            List<Row> written = new ArrayList<>();
            for (int batch = random.nextInt(4); batch >= 0; batch--) {
                List<Row> rows = rows(random);
                WriteResult result = Writing.writeAll(sink, rows);
                for (int i = 0; i < rows.size(); i++) {
                    if (!result.failures().containsKey(i)) {
                        written.add(rows.get(i));
                    }
                }
            }

            Outcome<CsvRow, Row> read =
                    Outcome.of(form.source().apply(Csv.source(file, Row.class)).unwrapped());

            assertThat(read.refused()).as("seed %d", seed).isEmpty();
            assertThat(read.values()).as("seed %d", seed).isEqualTo(written);
            count += written.size();
        }
        assertThat(count).isGreaterThan(SEEDS);
    }

    @Test
    void shouldReadBackWhateverValuesAreAppended() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Random random = new Random(seed);
            Path file = directory.resolve("values" + seed + ".jsonl");
            List<Sample> written = new ArrayList<>();
            for (int batch = random.nextInt(4); batch >= 0; batch--) {
                List<Sample> values = Stream.generate(() -> reading(random, 3))
                        .limit(1 + random.nextInt(5))
                        .toList();
                WriteResult result = Writing.writeAll(Json.appending(file, Sample.class), values);
                assertThat(result.failures()).as("seed %d", seed).isEmpty();
                written.addAll(values);
            }

            Outcome<byte[], Sample> read =
                    Outcome.of(Json.lines(file, Sample.class).unwrapped());

            assertThat(read.refused()).as("seed %d", seed).isEmpty();
            assertThat(read.values()).as("seed %d", seed).isEqualTo(written);
        }
    }

    private static Sample reading(Random random, int depth) {
        Map<String, Double> numbers = new HashMap<>();
        List<@Nullable String> texts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            numbers.put(AwkwardText.piece(random), real(random));
            texts.add(maybe(random, () -> text(random)));
        }
        return new Sample(
                maybe(random, () -> text(random)),
                texts,
                numbers,
                maybe(random, () -> new BigDecimal(new BigInteger(200, random), random.nextInt(400) - 200)),
                maybe(random, () -> Instant.ofEpochSecond(seconds(random), random.nextInt(1_000_000_000))),
                maybe(random, () -> LocalDateTime.ofEpochSecond(seconds(random), random.nextInt(3), ZoneOffset.UTC)),
                maybe(random, () -> Colour.values()[random.nextInt(2)]),
                depth == 0 ? null : maybe(random, () -> reading(random, depth - 1)));
    }

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
        return AwkwardText.of(random, random.nextInt(random.nextInt(20) == 0 ? 5_000 : 5));
    }
}
