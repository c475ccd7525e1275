package dev.millrace.examples.ratings;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of the table of ratings: a rating and, if the catalogue has it, its film. */
public record EnrichedRating(
        String userName,
        Instant ratingTimestamp,
        String movieName,
        @Nullable String director,
        @Nullable String country,
        @Nullable Integer releaseYear,
        @Nullable String ratingCategory,
        @Nullable Integer duration,
        @Nullable String showId,
        int rating) {

    /** Joins a rating, whose user is known to be there, with what the catalogue says. */
    public static EnrichedRating of(Rating rating, Optional<Movie> movie) {
        return new EnrichedRating(
                String.valueOf(rating.user()),
                rating.timestamp(),
                rating.movie(),
                movie.map(Movie::director).orElse(null),
                movie.map(Movie::country).orElse(null),
                movie.map(Movie::releaseYear).orElse(null),
                movie.map(Movie::rating).orElse(null),
                movie.map(Movie::minutes).orElse(null),
                movie.map(Movie::showId).orElse(null),
                rating.rating());
    }

    /** Whether the catalogue has the film. */
    public boolean isMatched() {
        return showId != null;
    }
}
