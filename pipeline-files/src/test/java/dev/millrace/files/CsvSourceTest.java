package dev.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {

    @TempDir
    Path directory;

    record Film(String title, int releaseYear, @Nullable String director) {}

    private Path file(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void shouldMapColumnsToComponentsByNameWhenThereIsAHeader() throws Exception {
        Path file = file("films.csv", "release_year,id,title,director\n1927,1,Metropolis,Fritz Lang\n1931,2,M,\n");

        Reading<Film> reading = Reading.of(Csv.source(file, Film.class));

        assertThat(reading.values())
                .containsExactly(new Film("Metropolis", 1927, "Fritz Lang"), new Film("M", 1931, null));
        assertThat(reading.refused()).isEmpty();
    }

    @Test
    void shouldNameTheLineAndReadOnWhenARowIsRefused() throws Exception {
        Path file = file(
                "films.csv",
                "title,release_year,director\nMetropolis,secret,Fritz Lang\n\nM,1931\n\"A\n B\",1999,\nSay \"x\",2,\n\"Say\" x,2,\nLast,2000,");

        Reading<Film> reading = Reading.of(Csv.source(file, Film.class));

        assertThat(reading.reasons())
                .containsExactly(
                        "films.csv line 2: column 'release_year' must be a whole number",
                        "films.csv line 4: has 2 columns, must have 3",
                        "films.csv line 8: a quote in the middle of a value must be doubled, and the value be in quotes");
        assertThat(reading.values())
                .containsExactly(
                        new Film("A\n B", 1999, null), new Film("Say \"x\"", 2, null), new Film("Last", 2000, null));
        assertThat(((CsvRow) reading.refused().get(0).original().value()).values())
                .containsExactly("Metropolis", "secret", "Fritz Lang");
    }
}
