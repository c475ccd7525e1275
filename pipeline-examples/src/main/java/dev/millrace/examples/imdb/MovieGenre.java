package dev.millrace.examples.imdb;

import java.util.Arrays;
import java.util.List;

/** One of the genres of a film, which counts for each. */
record MovieGenre(String genre, long line) {

    static List<MovieGenre> allOf(ScoredMovie movie) {
        String genres = movie.genres();
        return genres == null
                ? List.of()
                : Arrays.stream(genres.split(",", -1))
                        .map(genre -> new MovieGenre(genre, movie.line()))
                        .toList();
    }
}
