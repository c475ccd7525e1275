package dev.millrace.examples.ratings;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A rating as it travels on Kafka; a sender may have left any of its texts out. */
public record Rating(@Nullable String user, @Nullable String movie, int rating, Instant timestamp) {}
