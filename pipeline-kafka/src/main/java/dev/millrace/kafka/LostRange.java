package dev.millrace.kafka;

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

    @Override
    public String toString() {
        String place = "partition " + partition.partition() + " of topic '" + partition.topic() + "'";
        if (position < first) {
            return place + " has lost the offsets " + position + " to " + (first - 1) + ", " + (first - position)
                    + " in all, before they were read: its log begins at " + first;
        }
        if (divergence != null) {
            return place + " was truncated: its log differs from what was read from offset " + divergence.offset()
                    + " on, up to " + (position - 1) + ", and now ends at " + end;
        }
        return place + " ends at " + end + ", before the offset " + position
                + " to go on from: it was truncated, or deleted and made anew, or that offset never was";
    }
}
