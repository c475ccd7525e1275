package dev.millrace.pipeline.record;

import java.util.Objects;

/**
 * Where a source holds a record: offsets ascend within a partition, possibly with gaps.
 *
 * @param partition the partition's name, unique within the source, such as {@code ratings-3}
 * @param offset the record's offset in it, zero or more
 */
public record SourcePosition(String partition, long offset) {

    /** Checks both. */
    public SourcePosition {
        Objects.requireNonNull(partition, "partition");
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative, got " + offset);
        }
    }

    /** A position, for reading as a sentence. */
    public static SourcePosition of(String partition, long offset) {
        return new SourcePosition(partition, offset);
    }

    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
