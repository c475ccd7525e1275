package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.LocalLookup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The real catalogue: 5,997 rows, of which two titles occur twice. */
class NetflixTest {

    record Movie(
            String showId,
            String title,
            String director,
            String country,
            Integer releaseYear,
            String rating,
            String duration) {

        static String normalise(String title) {
            return title.strip().toLowerCase(Locale.ROOT);
        }
    }

    private final Path catalogue = SharedData.at("netflix/netflix.csv");
    private final CsvTable<String, Movie> movies =
            CsvTable.of(catalogue, Movie.class).keyedBy(movie -> Movie.normalise(movie.title()));

    @Test
    void shouldReadEveryRowWhenItIsASource() throws Exception {
        Reading<Movie> reading = Reading.of(Csv.source(catalogue, Movie.class));

        assertThat(reading.refused()).isEmpty();
        assertThat(reading.values()).hasSize(5_997);
        assertThat(reading.values())
                .contains(new Movie(
                        "s1", "Dick Johnson Is Dead", "Kirsten Johnson", "United States", 2020, "PG-13", "90"));
    }

    @Test
    void shouldFindEachTitleOfTheOtherFileWhenThatHasNoHeader() throws Exception {
        LocalLookup<String, Movie> table =
                movies.duplicates(Duplicates.FIRST_WINS).open(CONTEXT);

        List<String> titles = Reading.of(Csv.source(SharedData.at("netflix/movies.csv"), row -> row.get(0))
                        .header(false))
                .values();

        assertThat(titles).hasSize(5_997);
        for (String title : titles) {
            assertThat(table.get(Movie.normalise(title))).as(title).isPresent();
        }
        assertThat(table.get("no such film")).isEmpty();
    }

    @Test
    void shouldNameBothLinesOfEachDuplicateWhenNoChoiceIsMade() {
        CsvTable<String, Movie> byTitle = CsvTable.of(catalogue, Movie.class).keyedBy(Movie::title);

        assertThatThrownBy(() -> byTitle.open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(catalogue
                        + ": 2 of 5997 rows have the key of an earlier row, and duplicates(..) does not say which of"
                        + " them counts: lines 2830 and 3769; lines 2477 and 3770");
    }

    @Test
    void shouldFindMoreDuplicatesWhenTitlesThatDifferInCaseAreTheSameKey() {
        assertThatThrownBy(() -> movies.open(CONTEXT))
                .hasMessageContaining("4 of 5997 rows")
                .hasMessageEndingWith("; lines 226 and 4358; lines 119 and 4843");
    }

    @Test
    void shouldKeepTheChosenRowWhenATitleOccursTwice() throws Exception {
        List<Movie> twice = Reading.of(Csv.source(catalogue, Movie.class)).values().stream()
                .filter(movie -> movie.title().equals("22-Jul"))
                .toList();

        LocalLookup<String, Movie> first =
                movies.duplicates(Duplicates.FIRST_WINS).open(CONTEXT);
        LocalLookup<String, Movie> last =
                movies.duplicates(Duplicates.LAST_WINS).open(CONTEXT);

        assertThat(twice).hasSize(2);
        assertThat(first.get("22-jul")).isEqualTo(Optional.of(twice.get(0)));
        assertThat(last.get("22-jul")).isEqualTo(Optional.of(twice.get(1)));
        assertThat(first.get("22-jul")).isSameAs(first.get("22-jul"));
    }
}
