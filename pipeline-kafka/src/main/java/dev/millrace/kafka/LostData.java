package dev.millrace.kafka;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.SourceContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/*
 * Finds out what was lost, and stops or goes on behind it as the plan says.
 *
 * A position outside the log means that records were lost; see LostRange. A topic that is deleted and created again is
 * another topic, and offsets of the former mean nothing in it. TopicWatch tells of it within seconds; every commit carries
 * the id of the topic it was made for, so that a restart finds out what was committed in between.
 */
final class LostData {

    private static final Logger LOG = System.getLogger("dev.millrace.kafka");
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final ReadPlan plan;
    private final OwnedPartitions owned;
    private final Commits commits;
    private final SourceContext context;
    private final String place;

    LostData(
            Consumer<byte[], byte[]> consumer,
            ReadPlan plan,
            OwnedPartitions owned,
            Commits commits,
            SourceContext context,
            String place) {
        this.consumer = consumer;
        this.plan = plan;
        this.owned = owned;
        this.commits = commits;
        this.context = context;
        this.place = place;
    }

    /**
     * Begins the partitions of a topic anew that is another one than was read so far.
     *
     * @throws DataLossException unless the plan is to go on
     */
    void recreated(String topic, Uuid id) {
        List<OwnedPartition> former = owned.ofTopic(topic);
        String what =
                "topic '" + topic + "' was deleted and created again while it was read, and has the id " + id + " now";
        List<DataLoss> losses = former.stream()
                .map(mine -> DataLoss.beyond(mine.name(), mine.next(), what))
                .toList();
        List<TopicPartition> partitions =
                former.stream().map(OwnedPartition::partition).toList();
        if (!plan.skipsLostData()) {
            // So that nothing done of the former topic is committed.
            commits.forget(partitions);
            owned.disown(partitions);
            throw new DataLossException(what, losses);
        }
        if (losses.isEmpty()) {
            LOG.log(Level.WARNING, "{0} {1}", place, what); // ours have gone with the former topic already
        }
        context.dataLost(losses);
        partitions.forEach(partition -> restart(partition, new OffsetAndMetadata(0)));
    }

    /**
     * Goes on behind what the log has no more.
     *
     * @throws org.apache.kafka.common.errors.WakeupException as a poll would; nothing has changed then
     * @throws org.apache.kafka.common.errors.RetriableException if the log's bounds cannot be asked for at present
     */
    void jumpOver(OffsetOutOfRangeException e) {
        List<LostRange> lost = lost(e);
        List<DataLoss> losses = lost.stream().map(LostRange::loss).toList();
        if (!plan.skipsLostData()) {
            throw new DataLossException(losses);
        }
        context.dataLost(losses);
        lost.forEach(range -> restart(range.partition(), range.goOnAt()));
    }

    private List<LostRange> lost(OffsetOutOfRangeException e) {
        Map<TopicPartition, Long> positions = e.offsetOutOfRangePartitions();
        Map<TopicPartition, OffsetAndMetadata> divergences =
                e instanceof LogTruncationException truncation ? truncation.divergentOffsets() : Map.of();
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(positions.keySet(), LOOKUP_LIMIT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(positions.keySet(), LOOKUP_LIMIT);
        List<LostRange> lost = new ArrayList<>();
        positions.forEach((partition, position) -> lost.add(new LostRange(
                partition,
                position,
                firsts.getOrDefault(partition, 0L),
                ends.getOrDefault(partition, 0L),
                divergences.get(partition))));
        return lost;
    }

    /** Goes on elsewhere in a partition: what is in flight is finished first, then it counts as newly assigned. */
    private void restart(TopicPartition partition, OffsetAndMetadata position) {
        OwnedPartition before = owned.get(partition);
        if (before == null) {
            return;
        }
        LOG.log(Level.INFO, "{0} goes on at {1}@{2}", place, before.name(), String.valueOf(position.offset()));
        context.revoked(List.of(before.name()));
        commits.forget(List.of(partition));
        OwnedPartition mine = owned.own(partition);
        consumer.seek(partition, position);
        context.assigned(List.of(mine.name()));
        if (position.offset() >= owned.end(partition)) {
            owned.moveTo(mine, position);
        }
    }
}
