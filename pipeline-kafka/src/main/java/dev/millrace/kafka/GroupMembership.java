package dev.millrace.kafka;

import dev.millrace.pipeline.spi.SourceContext;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/*
 * Partitions of a group come and go in these callbacks, which the client runs inside poll. Assigned: they begin at what is
 * committed of them, and with what that says to be done beyond it, both from one answer; a topic that was created again
 * begins anew, though its group may remember the former one for a while. Revoked: the engine drains them
 * and says how far they are done, which is committed before the callback returns and with it the partition. Lost: somebody
 * else has them already, so nothing is committed. On closing the engine is done with all of them, and the client's last
 * callbacks find nothing left to tell it.
 */
final class GroupMembership implements ConsumerRebalanceListener {

    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final OwnedPartitions owned;
    private final Commits commits;
    private final SourceContext context;
    private final CommittedOffsets committed;
    private boolean isClosing;
    /** Whether nothing more is to come of the last rebalance. */
    private boolean isSettled;

    GroupMembership(
            Consumer<byte[], byte[]> consumer,
            OwnedPartitions owned,
            Commits commits,
            SourceContext context,
            String place) {
        this.consumer = consumer;
        this.owned = owned;
        this.commits = commits;
        this.context = context;
        this.committed = new CommittedOffsets(consumer, place);
    }

    /** From now on the engine is told nothing. */
    void closing() {
        isClosing = true;
    }

    /** Whether the partitions that are owned are those that the group has last assigned. */
    boolean isSettled() {
        return isSettled;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        isSettled = true;
        if (isClosing || partitions.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = committed.of(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = offsets.get(partition);
            if (offset == null) {
                owned.own(partition);
            } else if (owned.isOfAFormerTopic(partition, offset)) {
                owned.own(partition);
                consumer.seek(partition, 0);
            } else {
                owned.own(partition, offset);
                consumer.seek(partition, offset);
            }
        }
        context.assigned(names(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        isSettled = false;
        if (partitions.isEmpty()) {
            return;
        }
        if (!isClosing) {
            owned.done(context.revoked(names(partitions)), Map.of(), commits::add);
        }
        commits.sendNow(partitions, COMMIT_LIMIT);
        disown(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        isSettled = false;
        if (partitions.isEmpty()) {
            return;
        }
        if (!isClosing) {
            context.lost(names(partitions));
        }
        disown(partitions);
    }

    private void disown(Collection<TopicPartition> partitions) {
        commits.forget(partitions);
        owned.disown(partitions);
    }

    private static List<String> names(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).toList();
    }
}
