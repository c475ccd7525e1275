package dev.millrace.examples.imdb;

import org.jspecify.annotations.Nullable;

/** A row of the silver table. */
record ScoredMovie(
        long line,
        String tconst,
        String primaryTitle,
        @Nullable Integer startYear,
        @Nullable Integer runtimeMinutes,
        @Nullable String genres,
        double averageRating,
        int numVotes,
        double weightedScore) {

    static ScoredMovie of(Movie movie, Prior prior) {
        return new ScoredMovie(
                movie.line(),
                movie.tconst(),
                movie.primaryTitle(),
                movie.startYear(),
                movie.runtimeMinutes(),
                movie.genres(),
                movie.averageRating(),
                movie.numVotes(),
                prior.weigh(movie.averageRating(), movie.numVotes()));
    }
}
