package dev.millrace.examples.imdb;

import org.jspecify.annotations.Nullable;

/**
 * A film as it travels on Kafka.
 *
 * @param line where it is in the file: it ascends, so that a film that is sent again can be told from a new one
 */
record Movie(
        long line,
        String tconst,
        String primaryTitle,
        @Nullable Integer startYear,
        @Nullable Integer runtimeMinutes,
        @Nullable String genres,
        double averageRating,
        int numVotes) {

    static Movie of(Title title, Rating rating) {
        return new Movie(
                title.line(),
                title.tconst(),
                title.primaryTitle(),
                title.startYear(),
                title.runtimeMinutes(),
                title.genres(),
                rating.averageRating(),
                rating.numVotes());
    }
}
