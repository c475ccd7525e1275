package dev.millrace.examples.imdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTitlesTest {

    @TempDir
    Path one;

    @TempDir
    Path other;

    @Test
    void shouldMakeTheSameTitlesUpEachTime() throws Exception {
        TitleFiles files = SampleTitles.write(one);
        TitleFiles again = SampleTitles.write(other);

        assertThat(Files.mismatch(files.basics(), again.basics())).isEqualTo(-1);
        assertThat(Files.mismatch(files.ratings(), again.ratings())).isEqualTo(-1);
        IndependentMovies movies = IndependentMovies.of(files);
        assertThat(movies.ids()).hasSizeBetween(300, SampleTitles.TITLES - 1).isSorted();
        assertThat(movies.genreCounts()).hasSizeGreaterThan(10);
        assertThat(movies.ids()).anyMatch(id -> movies.column(id, 8).equals("\\N"));
        assertThat(movies.ids()).anyMatch(id -> movies.column(id, 8).contains(","));
        assertThat(movies.ids()).anyMatch(id -> movies.title(id).contains("\""));
    }
}
