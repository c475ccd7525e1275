package readings;

import java.time.Instant;

/** As it comes in. */
public record Reading(String sensor, Instant at, double celsius) {}
