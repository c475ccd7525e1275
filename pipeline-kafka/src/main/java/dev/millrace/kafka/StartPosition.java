package dev.millrace.kafka;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Where a {@link KafkaSource} begins a partition that its group has not read yet. Where the group has committed an
 * offset, reading goes on there, whatever the start position: a restart never skips and never repeats what is done. The
 * exceptions are {@link #offsets}, and any position {@link #ignoringCommitted()}.
 *
 * <p>What the start position says is kept as the group's committed offset before the first record is read, so that a
 * crash soon after does not start elsewhere. It applies once, to a group that has committed nothing for the topic: a
 * partition that is added to the topic later is read from its first record, also by a group that began with
 * {@link #latest()}.
 *
 * <p>Immutable and thread-safe.
 */
public final class StartPosition {

    enum Kind {
        EARLIEST,
        LATEST,
        COMMITTED,
        TIMESTAMP,
        OFFSETS
    }

    private static final StartPosition EARLIEST = new StartPosition(Kind.EARLIEST, Instant.EPOCH, Map.of(), false);
    private static final StartPosition LATEST = new StartPosition(Kind.LATEST, Instant.EPOCH, Map.of(), false);
    private static final StartPosition COMMITTED = new StartPosition(Kind.COMMITTED, Instant.EPOCH, Map.of(), false);

    private final Kind kind;
    private final Instant timestamp;
    private final Map<Integer, Long> offsets;
    private final boolean ignoringCommitted;

    private StartPosition(Kind kind, Instant timestamp, Map<Integer, Long> offsets, boolean ignoringCommitted) {
        this.kind = kind;
        this.timestamp = timestamp;
        this.offsets = offsets;
        this.ignoringCommitted = ignoringCommitted;
    }

    /** The first record that the topic still holds; the default. */
    public static StartPosition earliest() {
        return EARLIEST;
    }

    /** What comes after the start. */
    public static StartPosition latest() {
        return LATEST;
    }

    /** Nowhere: the group must have committed offsets for the topic, or the pipeline does not start. */
    public static StartPosition committed() {
        return COMMITTED;
    }

    /** The first record at or after a time, by the records' timestamps; what comes after the start if there is none. */
    public static StartPosition timestamp(Instant time) {
        return new StartPosition(Kind.TIMESTAMP, Objects.requireNonNull(time, "time"), Map.of(), false);
    }

    /**
     * These offsets by partition, at every start, whatever is committed; partitions not named begin as
     * {@link #earliest()} has it. For a source of one topic. See {@link #ignoringCommitted()} for what that asks of a
     * group.
     */
    public static StartPosition offsets(Map<Integer, Long> byPartition) {
        byPartition.forEach((partition, offset) -> {
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException(
                        "partitions and offsets must not be negative, got " + partition + "=" + offset);
            }
        });
        if (byPartition.isEmpty()) {
            throw new IllegalArgumentException("byPartition must not be empty");
        }
        return new StartPosition(Kind.OFFSETS, Instant.EPOCH, Map.copyOf(byPartition), false);
    }

    /**
     * This position at every start, whatever is committed, to read again what was read before. The group's committed
     * offsets are set back before it is joined, so none of its members may be running: the pipeline does not start
     * then.
     */
    public StartPosition ignoringCommitted() {
        if (kind == Kind.COMMITTED) {
            throw new IllegalArgumentException("committed() cannot ignore what is committed");
        }
        return new StartPosition(kind, timestamp, offsets, true);
    }

    Kind kind() {
        return kind;
    }

    Instant timestamp() {
        return timestamp;
    }

    Map<Integer, Long> offsets() {
        return offsets;
    }

    boolean isIgnoringCommitted() {
        return ignoringCommitted;
    }

    @Override
    public String toString() {
        String where = switch (kind) {
            case EARLIEST -> "earliest";
            case LATEST -> "latest";
            case COMMITTED -> "committed";
            case TIMESTAMP -> "timestamp " + timestamp;
            case OFFSETS -> "offsets " + offsets;
        };
        return ignoringCommitted ? where + ", ignoring committed" : where;
    }
}
