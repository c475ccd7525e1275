package dev.millrace.examples.imdb;

/** A row of {@code title.ratings.tsv.gz}. */
record Rating(String tconst, double averageRating, int numVotes) {}
