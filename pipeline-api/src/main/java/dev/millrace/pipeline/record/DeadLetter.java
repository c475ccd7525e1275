package dev.millrace.pipeline.record;

import java.time.Instant;
import java.util.Objects;

/**
 * A record that a pipeline gave up on, with the reason. It holds the record as the source read it, before any stage saw
 * it, so that it can be stored byte for byte and read again later.
 *
 * @param original the record as the source read it: raw bytes for Kafka, a row for a file
 * @param pipeline name of the pipeline
 * @param stage name of the stage that failed
 * @param cause what the stage threw or the sink reported; its message may hold payload
 * @param attempts how often the stage tried, one or more
 * @param failedAt when the last attempt failed
 */
public record DeadLetter(
        PipelineRecord<?> original, String pipeline, String stage, Throwable cause, int attempts, Instant failedAt) {

    /** Checks that all is there. */
    public DeadLetter {
        Objects.requireNonNull(original, "original");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(failedAt, "failedAt");
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be positive, got " + attempts);
        }
    }

    /** Place and class of the cause; no payload. */
    @Override
    public String toString() {
        return "DeadLetter[" + original.partition() + "@" + original.offset() + ", stage '" + stage + "', "
                + cause.getClass().getName() + ", attempts " + attempts + "]";
    }
}
