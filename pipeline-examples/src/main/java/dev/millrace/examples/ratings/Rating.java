package dev.millrace.examples.ratings;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A rating as it travels on Kafka; a sender may have left the user out. */
public record Rating(@Nullable String user, String movie, int rating, Instant timestamp) {

    /** Refuses a rating of no film, or of no time. */
    public Rating {
        Objects.requireNonNull(movie, "movie");
        Objects.requireNonNull(timestamp, "timestamp");
    }
}
