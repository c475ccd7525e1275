package dev.millrace.pipeline.spi;

/**
 * How the memory of a lookup fares.
 *
 * @param hits keys answered from memory since it was opened
 * @param misses keys that had to be asked for
 * @param size answers held at present, about
 */
public record CacheStats(long hits, long misses, long size) {}
