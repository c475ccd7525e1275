package dev.millrace.benchmarks.workload;

import java.time.LocalDateTime;

/** A rating as it travels on Kafka; the time is that of UTC. */
public record Rating(String user, String movie, int rating, LocalDateTime timestamp) {}
