package dev.millrace.pipeline.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.record.DataLoss;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** How far a partition is done, and a checksum of its records up to there. */
final class ResumedPartition {

    private static final StateFormat<Long> CHECKSUM = StateFormat.longs();

    private static final byte[] KEY = "position".getBytes(UTF_8);

    private final String name;
    private final CRC32C checksum = new CRC32C();
    /** The records that have been handed on and are not known to be done. */
    private final ArrayDeque<Mark> ahead = new ArrayDeque<>();

    /** How far it is done at the start, until that has been reached. */
    private @Nullable Mark kept;

    /** The offset of a record, and the checksum of all up to it. */
    private record Mark(long offset, long checksum) {}

    private ResumedPartition(String name, @Nullable Mark kept) {
        this.name = name;
        this.kept = kept;
    }

    static ResumedPartition of(String name, List<KeptState> states) throws Exception {
        Mark kept = states.isEmpty()
                ? null
                : new Mark(states.get(0).offset(), CHECKSUM.decode(states.get(0).state()));
        return new ResumedPartition(name, kept);
    }

    /** Whether it is yet to be handed on, rather than done. */
    boolean isNew(long offset, byte[] value) {
        checksum.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(offset)
                .putInt(value.length)
                .flip());
        checksum.update(value);
        Mark read = new Mark(offset, checksum.getValue());
        Mark goal = kept;
        if (goal == null) {
            ahead.add(read);
            return true;
        }
        if (offset >= goal.offset) {
            if (!read.equals(goal)) {
                throw changed(goal, "other records have their place now");
            }
            kept = null;
        }
        return false;
    }

    /** At the end of the source. */
    void requireReached() {
        Mark goal = kept;
        if (goal != null) {
            throw changed(goal, "it ends before them now");
        }
    }

    private DataLossException changed(Mark goal, String how) {
        DataLoss loss = DataLoss.replaced(name, 0, goal.offset, how);
        return new DataLossException(
                name + " has changed: its records up to offset " + goal.offset + " are done, but " + how
                        + "; put back what it was, or begin anew under another name",
                List.of(loss));
    }

    /** What is to be kept now that all before the frontier is done; null where that is nothing new. */
    @Nullable
    KeptState done(long frontier) throws Exception {
        Mark last = null;
        while (!ahead.isEmpty() && ahead.element().offset < frontier) {
            last = ahead.remove();
        }
        return last == null ? null : new KeptState(KEY, last.offset, CHECKSUM.encode(last.checksum));
    }
}
