package dev.millrace.examples.imdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.examples.Examples;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The example as a user runs it, checked movie by movie against what is worked out without the library: with IMDb's own
 * files where {@code -Dmillrace.data} names a directory with {@code imdb/title.basics.sample.tsv.gz} and
 * {@code title.ratings.sample.tsv.gz}, else with those made up.
 */
@ExtendWith(KafkaServerExtension.class)
class ImdbIT {

    private static final int KILLS = Integer.getInteger("millrace.kills", 4);

    private static final Path DATA = Path.of(System.getProperty("millrace.data", "no-data"), "imdb");
    private static final TitleFiles REAL =
            new TitleFiles(DATA.resolve("title.basics.sample.tsv.gz"), DATA.resolve("title.ratings.sample.tsv.gz"));

    @TempDir
    Path directory;

    private KafkaServer kafka;
    private ImdbFiles files;
    private TitleFiles titles;
    private IndependentMovies expected;

    @BeforeEach
    void beginAnew(KafkaServer kafka) throws Exception {
        this.kafka = kafka;
        TestServers.clear(kafka);
        files = new ImdbFiles(directory);
        titles = isReal() ? REAL : SampleTitles.write(directory);
        expected = IndependentMovies.of(titles);
    }

    private static boolean isReal() {
        return Files.exists(REAL.basics());
    }

    @Test
    void shouldScoreEachMovieAndCountItsGenres() throws Exception {
        String output = run("--rate", "50000");

        Map<String, Silver> scored = new TreeMap<>();
        for (Silver movie : silver()) {
            assertThat(scored.put(movie.tconst(), movie)).as(movie.tconst()).isNull();
            assertThat(movie.weightedScore())
                    .as(movie.tconst())
                    .isCloseTo(expected.score(movie.tconst(), 3_000, 6.5), within(1e-9));
            assertThat(movie.primaryTitle()).isEqualTo(expected.title(movie.tconst()));
            assertThat(movie.startYear())
                    .isEqualTo(expected.column(movie.tconst(), 5).replace("\\N", "null"));
        }
        assertThat(scored).containsOnlyKeys(expected.ids());
        assertThat(genreCounts()).isEqualTo(expected.genreCounts());
        assertThat(genreTable()).isEqualTo(expected.genreCounts());
        if (isReal()) {
            assertThat(scored).hasSize(10_979);
            assertThat(output)
                    .contains("left out: title.basics.sample.tsv.gz line 29887: has 2 columns, must have 9")
                    .containsPattern("left out +1\\b");
        }
        assertThat(output).containsPattern("movies sent +" + String.format("%,d", scored.size()) + "\\b");
    }

    @Test
    void shouldGoOnBehindTheLimitAndLeaveTheLastSnapshotWhereNothingIsNew() throws Exception {
        run("--rate", "50000", "--limit", "100");
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(expected.ids().subList(0, 100));

        run("--rate", "50000", "--limit", "150");
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(expected.ids().subList(0, 250));

        run("--rate", "50000");
        assertThat(sent()).containsExactlyInAnyOrderElementsOf(expected.ids());
        assertThat(genreCounts()).isEqualTo(expected.genreCounts());

        Object snapshot = Files.getAttribute(files.genreCounts(), "unix:ctime");
        assertThat(run("--snapshot-every", "10ms")).containsPattern("movies sent +0\\b");
        assertThat(Files.getAttribute(files.genreCounts(), "unix:ctime")).isEqualTo(snapshot);
    }

    @Test
    void shouldCountEachMovieOnceWhenTheProducerSendsAllOfThemAgain() throws Exception {
        run("--rate", "50000", "--limit", "200");
        Files.delete(directory.resolve("states").resolve("imdb-producer~from.states"));

        run("--rate", "50000");

        assertThat(sent()).hasSize(200 + expected.ids().size());
        assertThat(genreCounts()).isEqualTo(expected.genreCounts());
    }

    @Test
    void shouldCountEachMovieOnceWheneverTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Random random = new Random(seed);
        long all = total(expected.genreCounts());
        int rate = Math.max(200, expected.ids().size() / 4);
        for (int kill = 0; kill < KILLS; kill++) {
            long enough = total(genreCounts()) + 1 + random.nextLong(all / (KILLS + 2));
            Process process = start("--rate", String.valueOf(rate));
            try {
                long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
                while (total(genreCounts()) < enough && process.isAlive()) {
                    assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                    LockSupport.parkNanos(5_000_000);
                }
                LockSupport.parkNanos(random.nextInt(100_000_000));
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        }
        run("--rate", "50000");

        List<String> sent = sent();
        List<String> scored = silver().stream().map(Silver::tconst).toList();
        System.out.println(KILLS + " kills, " + expected.ids().size() + " movies, " + sent.size() + " sent, "
                + scored.size() + " scored");
        assertThat(new HashSet<>(sent)).as("seed %d", seed).isEqualTo(Set.copyOf(expected.ids()));
        assertThat(new HashSet<>(scored)).as("seed %d", seed).isEqualTo(Set.copyOf(expected.ids()));
        assertThat(scored).as("seed %d: a row for each message", seed).hasSameSizeAs(sent);
        assertThat(genreCounts()).as("seed %d", seed).isEqualTo(expected.genreCounts());
        assertThat(genreTable()).as("seed %d", seed).isEqualTo(expected.genreCounts());
    }

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "imdb",
                "--kafka",
                kafka.bootstrapServers(),
                "--directory",
                directory.toString(),
                "--basics",
                titles.basics().toString(),
                "--ratings",
                titles.ratings().toString(),
                "--snapshot-every",
                "100ms"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private String run(String... more) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream console = new PrintStream(output, true, UTF_8);
        List<String> arguments = arguments(more);
        int exitCode = new CommandLine(new Imdb(console))
                .setOverwrittenOptionsAllowed(true)
                .setErr(new PrintWriter(console, true, UTF_8))
                .execute(arguments.subList(1, arguments.size()).toArray(String[]::new));
        assertThat(exitCode).as(output.toString(UTF_8)).isZero();
        return output.toString(UTF_8);
    }

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Examples.class.getName()));
        command.addAll(arguments(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("output").toFile()))
                .start();
    }

    /** By another reader than the writer. */
    private <T> List<T> query(String query, Row<T> rowOf) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                rows.add(rowOf.read(result));
            }
        }
        return rows;
    }

    private interface Row<T> {

        T read(ResultSet row) throws SQLException;
    }

    private record Silver(String tconst, String primaryTitle, String startYear, double weightedScore) {}

    private List<Silver> silver() throws SQLException {
        return query(
                "SELECT tconst, primaryTitle, startYear, weightedScore FROM '" + files.silver() + "/*.parquet'",
                row -> new Silver(
                        row.getString(1), row.getString(2), String.valueOf(row.getString(3)), row.getDouble(4)));
    }

    private Map<String, Long> genreTable() throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        query(
                        "SELECT genre, movies FROM '" + files.genreTable() + "'",
                        row -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    private Map<String, Long> genreCounts() throws Exception {
        Map<String, Long> counts = new TreeMap<>();
        if (Files.exists(files.genreCounts())) {
            Files.readAllLines(files.genreCounts()).stream().skip(1).forEach(line -> {
                String[] row = line.split(",", -1);
                counts.put(row[0], Long.valueOf(row[1]));
            });
        }
        return counts;
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(count -> count).sum();
    }

    /** Of those that the topic holds, each as often as it is there. */
    private List<String> sent() {
        return TestServers.records(kafka, ImdbPipelines.TOPIC).stream()
                .map(record -> record.key())
                .toList();
    }
}
