package dev.millrace.kafka;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Offsets on their way to the group's coordinator. One request is in flight at a time, since two that overtake each
 * other would move the group back; what is asked for meanwhile waits, and of one partition only the newest. A request
 * that fails for now goes out again with the next one. Belongs to the thread that polls, callbacks included.
 */
final class Commits {

    private static final Logger LOG = System.getLogger("dev.millrace.kafka");

    private final Consumer<byte[], byte[]> consumer;
    private final ReadPlan plan;
    private final String place;
    private final Map<TopicPartition, OffsetAndMetadata> waiting = new HashMap<>();
    private @Nullable Map<TopicPartition, OffsetAndMetadata> inFlight;
    private @Nullable RuntimeException fatal;
    /** Whether the brokers take less metadata than is usual. */
    private boolean isPlain;

    Commits(Consumer<byte[], byte[]> consumer, ReadPlan plan, String place) {
        this.consumer = consumer;
        this.plan = plan;
        this.place = place;
    }

    /** Notes an offset to commit, greater than those before it. */
    void add(TopicPartition partition, OffsetAndMetadata offset) {
        if (plan.group() != null) {
            waiting.put(partition, offset);
        }
    }

    /** Forgets partitions that are no longer ours, a failed request's offsets for them included. */
    void forget(Collection<TopicPartition> partitions) {
        waiting.keySet().removeAll(partitions);
        if (inFlight != null) {
            inFlight.keySet().removeAll(partitions);
        }
    }

    /** Sends what waits, unless a request is under way. Never blocks. */
    void send() {
        if (waiting.isEmpty() || inFlight != null) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> request = fitting(waiting);
        waiting.clear();
        inFlight = request;
        try {
            consumer.commitAsync(Map.copyOf(request), (offsets, failure) -> answered(request, failure));
        } catch (RuntimeException e) {
            inFlight = null;
            request.forEach(waiting::putIfAbsent);
            throw e;
        }
    }

    private void answered(Map<TopicPartition, OffsetAndMetadata> request, @Nullable Exception failure) {
        inFlight = null;
        if (failure == null) {
            return;
        }
        if (failure instanceof OffsetMetadataTooLarge && !isPlain) {
            becomePlain();
            request.forEach(waiting::putIfAbsent);
        } else if (isTransient(failure)) {
            request.forEach(waiting::putIfAbsent);
        } else {
            failed(failure);
        }
    }

    /** Commits what waits for these partitions, and waits for the answer, at most so long. */
    void sendNow(Collection<TopicPartition> partitions, Duration limit) {
        Map<TopicPartition, OffsetAndMetadata> offsets = unsettled();
        offsets.keySet().retainAll(partitions);
        try {
            sendNow(offsets, limit);
        } catch (RebalanceInProgressException e) {
            giveUp(offsets, e);
        }
    }

    /**
     * As {@link #sendNow} for all partitions.
     *
     * @throws RebalanceInProgressException if the group takes no commits until a rebalance has ended, which needs polls
     */
    void sendAllNow(Duration limit) {
        sendNow(unsettled(), limit);
    }

    private void sendNow(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit) {
        if (offsets.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        boolean woken = false;
        try {
            while (true) {
                try {
                    consumer.commitSync(fitting(offsets), Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                    return;
                } catch (WakeupException e) {
                    woken = true; // meant for the poll
                } catch (OffsetMetadataTooLarge e) {
                    if (isPlain) {
                        throw e;
                    }
                    becomePlain();
                }
            }
        } catch (RebalanceInProgressException e) {
            throw e;
        } catch (KafkaException e) {
            if (isTransient(e) || e instanceof CommitFailedException) {
                giveUp(offsets, e);
            } else {
                failed(e);
            }
        } finally {
            if (woken) {
                consumer.wakeup();
            }
        }
    }

    private void becomePlain() {
        isPlain = true;
        LOG.log(
                Level.INFO,
                "{0} cannot keep what is done beyond the offsets: the brokers take less than {1} bytes with each",
                place,
                CommitMetadata.MOST_BYTES);
    }

    /** Offsets with no more metadata than the brokers take. */
    private Map<TopicPartition, OffsetAndMetadata> fitting(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> fitting = new HashMap<>(offsets);
        if (isPlain) {
            fitting.replaceAll((partition, offset) -> new OffsetAndMetadata(
                    offset.offset(), offset.leaderEpoch(), CommitMetadata.withoutDone(offset.metadata())));
        }
        return fitting;
    }

    /** Says that what is done will come again. */
    void giveUp(KafkaException e) {
        giveUp(unsettled(), e);
    }

    private void giveUp(Map<TopicPartition, OffsetAndMetadata> offsets, KafkaException e) {
        LOG.log(
                Level.WARNING,
                "{0} could not commit the offsets of {1} ({2}); their last records will be read again",
                place,
                offsets.keySet(),
                e.getClass().getSimpleName());
    }

    private Map<TopicPartition, OffsetAndMetadata> unsettled() {
        Map<TopicPartition, OffsetAndMetadata> unsettled = inFlight == null ? new HashMap<>() : new HashMap<>(inFlight);
        unsettled.putAll(waiting);
        return unsettled;
    }

    /** Throws what a commit met with that no other commit can mend. */
    void throwIfFailed() {
        if (fatal != null) {
            throw fatal;
        }
    }

    private void failed(Exception failure) {
        if (failure instanceof CommitFailedException && plan.shared()) {
            // The group went on without us; the next poll says which partitions are lost.
            LOG.log(Level.DEBUG, "{0} is no longer a member of the group it commits to", place);
        } else if (fatal == null) {
            fatal = failure instanceof RuntimeException unchecked ? unchecked : new KafkaException(failure);
        }
    }

    /**
     * Of a stale epoch brokers before 4.3 speak when a rebalance has overtaken the request; the next one carries the
     * new epoch. A member that the group has put out meets with a {@link CommitFailedException}.
     */
    private static boolean isTransient(Exception failure) {
        return failure instanceof RetriableException
                || failure instanceof RebalanceInProgressException
                || failure instanceof StaleMemberEpochException;
    }
}
