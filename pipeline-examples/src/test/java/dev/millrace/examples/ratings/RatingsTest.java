package dev.millrace.examples.ratings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatingsTest {

    @Test
    void shouldNeverRateAFilmTwiceInAMillisecond() {
        List<String> keys = new ArrayList<>();
        Ratings.atRandom(List.of("Metropolis", "M"), 500)
                .forEachRemaining(rating -> keys.add(rating.user()
                        + '|'
                        + rating.movie()
                        + '|'
                        + rating.timestamp().toEpochMilli()));

        assertThat(keys).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void shouldMakeTheSameOfASeed() throws Exception {
        List<Rating> first = new ArrayList<>();
        Ratings.seeded(Titles.sample(), 100, 7).forEachRemaining(first::add);
        List<Rating> second = new ArrayList<>();
        Ratings.seeded(Titles.sample(), 100, 7).forEachRemaining(second::add);

        assertThat(second).isEqualTo(first).hasSize(100);
    }
}
