package dev.millrace.examples.imdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PriorTest {

    private final Prior prior = new Prior(3_000, 6.5);

    @Test
    void shouldBeTheMeanWithoutVotesAndTheRatingWithMany() {
        assertThat(prior.weigh(9, 0)).isEqualTo(6.5);
        assertThat(prior.weigh(9, 3_000)).isCloseTo(7.75, within(1e-12));
        assertThat(prior.weigh(9, 1e12)).isCloseTo(9, within(1e-7));
    }

    @Test
    void shouldCountAMovieForEachOfItsGenres() {
        Movie movie = new Movie(7, "tt1", "M", 1931, null, "Crime,Thriller", 8.3, 170_000);

        assertThat(MovieGenre.allOf(ScoredMovie.of(movie, prior)))
                .containsExactly(new MovieGenre("Crime", 7), new MovieGenre("Thriller", 7));
        assertThat(MovieGenre.allOf(ScoredMovie.of(new Movie(8, "tt2", "X", null, null, null, 5, 5), prior)))
                .isEmpty();
        assertThat(GenreCount.sorted(List.of(new GenreCount("b", 1), new GenreCount("a", 1), new GenreCount("c", 2))))
                .extracting(GenreCount::genre)
                .containsExactly("c", "a", "b");
    }
}
