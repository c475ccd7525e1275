package dev.millrace.examples.guide;

import static dev.millrace.pipeline.Aggregators.counting;
import static dev.millrace.pipeline.policy.Aggregation.keptIn;
import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.files.Csv;
import dev.millrace.files.CsvSource;
import dev.millrace.files.CsvTable;
import dev.millrace.files.Duplicates;
import dev.millrace.files.Json;
import dev.millrace.parquet.Parquet;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.state.StateDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on files. */
@Timeout(120)
class FilesGuideTest {

    record Film(String title, int releaseYear, @Nullable String country) {}

    record Rating(String user, String movie, int rating) {}

    record RatedFilm(
            String user, String movie, int rating, @Nullable String country) {

        static RatedFilm of(Rating rating, Optional<Film> film) {
            return new RatedFilm(
                    rating.user(),
                    rating.movie(),
                    rating.rating(),
                    film.map(Film::country).orElse(null));
        }
    }

    record YearCount(int year, long films) {}

    @TempDir
    private Path directory;

    @Test
    void shouldReadFilmsAndGoOnBehindThem() throws Exception {
        packed("a.csv.gz", "title,release_year,country\nHalkaa,2018,India\nM,193x,Germany\n");
        List<Film> films = new ArrayList<>();
        Pipeline pipeline = films(films);

        run(pipeline);
        assertThat(films).containsExactly(new Film("Halkaa", 2018, "India"));

        packed("b.csv.gz", "country,title,release_year\n,Metropolis,1927\n");
        run(pipeline);
        assertThat(films).hasSize(2).contains(new Film("Metropolis", 1927, null));
    }

    private Pipeline films(List<Film> films) {
        Path positions = directory.resolve("positions");
        // docs:begin
        CsvSource<Film> source =
                Csv.source(directory, Film.class).glob("*.csv.gz").positionKeptIn(StateDirectory.at(positions));
        return Pipeline.named("films").from(source, with().onFailure(skip())).to(Sinks.into(films));
        // docs:end
    }

    private void packed(String name, String text) throws IOException {
        try (OutputStream packed = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
            packed.write(text.getBytes(UTF_8));
        }
    }

    @Test
    void shouldMakeRowsByAFunction() throws Exception {
        Path file = write("films.tsv", "tconst\tyear\ntt1\t1927\ntt2\t\\N\n");
        List<String> lines = new ArrayList<>();

        run(Pipeline.named("titles").from(titles(file)).to(Sinks.into(lines)));

        assertThat(lines).containsExactly("tt1 of 1927", "tt2 of null");
    }

    private static CsvSource<String> titles(Path file) {
        // docs:begin
        return Csv.source(file, row -> row.get("tconst") + " of " + row.get("year", Integer.class))
                .tabSeparated();
        // docs:end
    }

    @Test
    void shouldJoinRatingsWithFilms() throws Exception {
        Path ratings = write("ratings.jsonl", """
                {"user":"Maria","movie":"Halkaa","rating":9}
                {"user":"Henry","movie":"M","rating":8}
                """);
        Path films = write("films.csv", "title,release_year,country\nHalkaa,2018,India\nHalkaa,2019,France\n");
        Path out = directory.resolve("rated.csv");

        run(rated(ratings, films, out));

        assertThat(out).hasContent("user,movie,rating,country\nMaria,Halkaa,9,India\nHenry,M,8,\n");
    }

    private static Pipeline rated(Path ratings, Path films, Path out) {
        // docs:begin
        CsvTable<String, Film> catalogue = CsvTable.of(films, Film.class)
                .keyedBy(Film::title)
                .duplicates(Duplicates.FIRST_WINS)
                .reloadEvery(Duration.ofMinutes(1));
        return Pipeline.named("rated-films")
                .from(Json.lines(ratings, Rating.class))
                .enrich(catalogue, Rating::movie, RatedFilm::of)
                .to(Csv.appending(out, RatedFilm.class));
        // docs:end
    }

    @Test
    void shouldReplaceAFileByEachSnapshot() throws Exception {
        Path films = write("films.csv", "title,release_year,country\nHalkaa,2018,India\nMom,2018,\nM,1931,\n");
        Path counts = directory.resolve("counts.jsonl");
        StateDirectory states = StateDirectory.at(directory.resolve("states"));

        run(counts(films, counts, states));

        assertThat(Files.readAllLines(counts))
                .containsExactlyInAnyOrder("{\"year\":2018,\"films\":2}", "{\"year\":1931,\"films\":1}");
    }

    private static Pipeline counts(Path films, Path counts, StateDirectory states) {
        // docs:begin
        return Pipeline.named("films-by-year")
                .from(Csv.source(films, Film.class).positionKeptIn(states))
                .keyBy(Film::releaseYear)
                .snapshots(counting(), YearCount::new, keptIn(states).every(Duration.ofSeconds(30)))
                .to(Json.replacing(counts, YearCount.class));
        // docs:end
    }

    @Test
    void shouldAddParquetFilesToADirectory() throws Exception {
        Path archive = directory.resolve("archive");

        run(Pipeline.named("archive")
                .from(Sources.of(new Film("Halkaa", 2018, "India"), new Film("M", 1931, null)))
                .to(Parquet.appending(archive, Film.class)));
        List<Film> films = new ArrayList<>();
        run(Pipeline.named("read")
                .from(Parquet.source(archive, Film.class).glob("*.parquet"))
                .to(Sinks.into(films)));
        assertThat(films).hasSize(2);

        run(archived(write("films.csv", "title,release_year,country\nMetropolis,1927,\n"), archive));
        films.clear();
        run(Pipeline.named("read")
                .from(Parquet.source(archive, Film.class).glob("*.parquet"))
                .to(Sinks.into(films)));
        assertThat(films).extracting(Film::title).contains("Metropolis").hasSize(3);
    }

    private static Pipeline archived(Path films, Path archive) {
        // docs:begin
        return Pipeline.named("film-archive")
                .from(Csv.source(films, Film.class))
                .to(
                        Parquet.appending(archive, Film.class),
                        with().batch(BatchPolicy.of(50_000, Duration.ofSeconds(30))));
        // docs:end
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static void run(Pipeline pipeline) throws InterruptedException {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
    }
}
