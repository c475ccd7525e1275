package dev.millrace.pipeline.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * The record that holds a partition back: the first that is not done, and is not left to the next run either.
 *
 * @param partition name of the partition
 * @param offset of the record, which leads to it; its key and its value are payload and left out
 * @param stage name of the stage that keeps it, of several the one that has done so for longest; empty where none does
 * @param age how long the record has been worked on
 * @param failedAttempts how often the stage has failed with it
 * @param unavailable for how long the stage has not reached what is behind it; zero where it does
 */
public record Holdup(
        String partition, long offset, Optional<String> stage, Duration age, int failedAttempts, Duration unavailable) {

    /** As a clause for messages: all but the partition. */
    @Override
    public String toString() {
        return "offset " + offset
                + stage.map(name -> " in stage '" + name + "'").orElse("")
                + " for " + age.toMillis() + " ms"
                + (failedAttempts == 0 ? "" : " after " + failedAttempts + " failed attempts")
                + (unavailable.isZero() ? "" : ", unavailable for " + unavailable.toMillis() + " ms");
    }
}
