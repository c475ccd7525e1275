package dev.millrace.examples.imdb;

import java.util.Comparator;
import java.util.List;

/** How many films there are of a genre so far. */
record GenreCount(String genre, long movies) {

    private static final Comparator<GenreCount> ORDER =
            Comparator.comparingLong(GenreCount::movies).reversed().thenComparing(GenreCount::genre);

    /** The most frequent one first. */
    static List<GenreCount> sorted(List<GenreCount> counts) {
        return counts.stream().sorted(ORDER).toList();
    }
}
