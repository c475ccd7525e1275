package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of the source between its first stage and the moment when all that became of it is done. Whoever takes
 * something of it over holds a token: {@link #retain} before, {@link #release} once. Belongs to its partition's worker.
 */
final class Flight {

    final Partition partition;
    final long offset;
    final int sizeInBytes;
    final long since;

    /** The asynchronous stage that last took it over, and how often that has tried; for explanations. */
    @Nullable
    Step holder;

    int attempts;
    boolean isDeadLettered;

    private @Nullable PipelineRecord<?> raw;
    private int tokens = 1;

    Flight(Partition partition, PipelineRecord<?> raw, long since) {
        this.partition = partition;
        this.raw = raw;
        this.offset = raw.offset();
        this.sizeInBytes = raw.sizeInBytes();
        this.since = since;
    }

    /** The record as the source read it; only while somebody holds a token. */
    PipelineRecord<?> raw() {
        return Objects.requireNonNull(raw, "raw record of a flight that has ended");
    }

    void retain() {
        tokens++;
    }

    void release() {
        if (--tokens == 0) {
            raw = null;
            partition.completed(this);
        }
    }

    boolean isDone() {
        return tokens == 0;
    }

    SourcePosition position() {
        return new SourcePosition(partition.name, offset);
    }
}
