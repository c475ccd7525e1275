package dev.millrace.benchmarks.workload;

import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A rating and, if the catalogue has it, its film: a row of the table of ratings. */
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

    /** Joins a rating with its film, where there is one. */
    public static EnrichedRating of(Rating rating, @Nullable Movie movie) {
        Instant at = rating.timestamp().toInstant(ZoneOffset.UTC);
        return movie == null
                ? new EnrichedRating(
                        rating.user(), at, rating.movie(), null, null, null, null, null, null, rating.rating())
                : new EnrichedRating(
                        rating.user(),
                        at,
                        rating.movie(),
                        movie.director(),
                        movie.country(),
                        movie.releaseYear(),
                        movie.rating(),
                        movie.minutes(),
                        movie.showId(),
                        rating.rating());
    }
}
