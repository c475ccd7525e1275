package dev.millrace.benchmarks.workload;

/** A film of the catalogue. */
public record Movie(String showId, String director, String country, int releaseYear, String rating, int minutes) {}
