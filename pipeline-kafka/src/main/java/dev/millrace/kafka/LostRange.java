package dev.millrace.kafka;

import dev.millrace.pipeline.record.DataLoss;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A position at which a partition has nothing to read, and where to go on.
 *
 * @param partition which
 * @param position what was asked for
 * @param first the first offset that the log holds
 * @param end what follows its last
 * @param divergence where the log became another one than was read, if the brokers know
 */
record LostRange(
        TopicPartition partition,
        long position,
        long first,
        long end,
        @Nullable OffsetAndMetadata divergence) {

    /** The first record that is still there and that was not read. */
    OffsetAndMetadata goOnAt() {
        return divergence != null && divergence.offset() >= first ? divergence : new OffsetAndMetadata(first);
    }

    /** What the log does not hold, or no longer as it was read. */
    DataLoss loss() {
        String name = partition.toString();
        long from = divergence == null ? position : Math.min(divergence.offset(), position);
        if (position < first) {
            return DataLoss.between(name, from, first - 1, "its log begins at " + first);
        }
        if (from < position) {
            return DataLoss.replaced(
                    name,
                    from,
                    position - 1,
                    "they were read, but its log was truncated, holds others in their place and ends at " + end);
        }
        if (end < position) {
            return DataLoss.replaced(
                    name,
                    end,
                    position - 1,
                    "its log ends at " + end + ": it was truncated, or made anew, or they never were");
        }
        return DataLoss.beyond(name, from, "its log ends at " + end + ", but was truncated or made anew meanwhile");
    }
}
