package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;

/*
 * One consumer, polled by the engine's source loop.
 *
 * Partitions. Those of a group come and go in callbacks, which the client runs inside poll. Each assignment makes a new
 * OwnedPartition, so that nothing noted of an earlier one survives. Revoked: the engine drains them and says how far they
 * are done, which is committed before the callback returns and with it the partition. Lost: somebody else has them
 * already, so nothing is committed. On closing the engine is done with all of them: they are committed, after the end of a
 * rebalance that may be under way, and the client's last callbacks find nothing left to do.
 *
 * Positions. The client is never allowed to choose one (auto.offset.reset=none). Starts were committed before the group
 * was joined, so a partition without an offset was added later and is read from its first record. A position outside the
 * log means that records were lost; see LostRange.
 *
 * Topics. One that is deleted and created again is another topic, and offsets of the former mean nothing in it. TopicWatch
 * tells of it within seconds; every commit carries the id of the topic it was made for, so that a restart finds out what
 * was committed in between.
 *
 * Waking. A wake-up may hit any blocking call of the client, whichever comes next. Those within poll give up, having
 * changed nothing, and the next poll comes there again; the commit of revoked partitions is made again at once.
 */
final class KafkaReader implements SourceReader<ConsumerRecord<byte[], byte[]>>, ConsumerRebalanceListener {

    private static final Logger LOG = System.getLogger("dev.millrace.kafka");
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final Duration REBALANCE_STEP = Duration.ofMillis(50);
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final ReadPlan plan;
    private final SourceContext context;
    private final String place;
    private final Commits commits;
    private final TopicWatch watch;
    private final TopicIds ids;
    private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();
    private final Map<String, OwnedPartition> byName = new HashMap<>();
    private boolean closing;

    KafkaReader(Consumer<byte[], byte[]> consumer, ReadPlan plan, TopicWatch watch, SourceContext context) {
        this.consumer = consumer;
        this.plan = plan;
        this.context = context;
        this.place = "[" + context.pipeline() + "|" + context.stage() + "]";
        this.commits = new Commits(consumer, plan, place);
        this.watch = watch;
        this.ids = new TopicIds(plan.ids());
    }

    /** Asks for the partitions. */
    void begin() {
        if (plan.shared()) {
            consumer.subscribe(plan.topics(), this);
            return;
        }
        consumer.assign(plan.starts().keySet());
        plan.starts().forEach((partition, start) -> {
            OwnedPartition mine = own(partition);
            consumer.seek(partition, start);
            if (start.offset() <= end(partition)) {
                moveTo(mine, start);
            }
        });
    }

    @Override
    public List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> poll(Duration timeout) {
        commits.throwIfFailed();
        isRecreated(watch.news());
        try {
            List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> records = handOut(consumer.poll(timeout));
            commits.send();
            return records;
        } catch (WakeupException e) {
            return List.of();
        } catch (NoOffsetForPartitionException e) {
            consumer.seekToBeginning(e.partitions());
            return List.of();
        } catch (OffsetOutOfRangeException e) {
            return jumpOver(e);
        } catch (RetriableException e) {
            throw unavailable(e);
        }
    }

    private List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> handOut(ConsumerRecords<byte[], byte[]> polled) {
        List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> records = new ArrayList<>(polled.count());
        for (TopicPartition partition : polled.partitions()) {
            OwnedPartition mine = owned.get(partition);
            if (mine == null) {
                continue; // given up within this very poll
            }
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                PipelineRecord<ConsumerRecord<byte[], byte[]>> raw = mine.handOut(record);
                if (raw == null) {
                    break;
                }
                records.add(raw);
            }
        }
        polled.nextOffsets().forEach((partition, position) -> {
            OwnedPartition mine = owned.get(partition);
            if (mine != null) {
                moveTo(mine, position);
                OffsetAndMetadata idle = mine.toCommit();
                if (idle != null) {
                    commits.add(partition, idle);
                }
            }
        });
        return records;
    }

    private void moveTo(OwnedPartition mine, OffsetAndMetadata position) {
        mine.moveTo(position);
        if (mine.hasEnded()) {
            consumer.pause(Set.of(mine.partition()));
        }
    }

    /** Whether partitions begin anew, since their topic is another one than was read so far. */
    private boolean isRecreated(Map<String, Uuid> now) {
        boolean recreated = false;
        for (Map.Entry<String, Uuid> each : now.entrySet()) {
            if (ids.isAnother(each.getKey(), each.getValue())) {
                recreated(each.getKey(), each.getValue());
                recreated = true;
            }
        }
        return recreated;
    }

    private void recreated(String topic, Uuid id) {
        ids.replace(topic, id);
        List<TopicPartition> partitions = owned.keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList();
        String what =
                "topic '" + topic + "' was deleted and created again while it was read, and has the id " + id + " now";
        if (!plan.skipsLostData()) {
            disown(partitions); // so that nothing done of the former topic is committed
            throw new DataLossException(what);
        }
        LOG.log(Level.WARNING, "{0} {1}; going on at its first record", place, what);
        partitions.forEach(partition -> restart(partition, new OffsetAndMetadata(0)));
    }

    private List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> jumpOver(OffsetOutOfRangeException e) {
        if (isRecreated(watch.askNow())) {
            return List.of();
        }
        Map<TopicPartition, Long> positions = e.offsetOutOfRangePartitions();
        Map<TopicPartition, OffsetAndMetadata> divergences =
                e instanceof LogTruncationException truncation ? truncation.divergentOffsets() : Map.of();
        List<LostRange> lost = new ArrayList<>();
        try {
            Map<TopicPartition, Long> firsts = consumer.beginningOffsets(positions.keySet(), LOOKUP_LIMIT);
            Map<TopicPartition, Long> ends = consumer.endOffsets(positions.keySet(), LOOKUP_LIMIT);
            positions.forEach((partition, position) -> lost.add(new LostRange(
                    partition,
                    position,
                    firsts.getOrDefault(partition, 0L),
                    ends.getOrDefault(partition, 0L),
                    divergences.get(partition))));
        } catch (WakeupException woken) {
            return List.of();
        } catch (RetriableException unreachable) {
            throw unavailable(unreachable);
        }
        if (!plan.skipsLostData()) {
            throw new DataLossException(lost.stream().map(LostRange::toString).collect(Collectors.joining("; ")));
        }
        for (LostRange range : lost) {
            LOG.log(
                    Level.WARNING,
                    "{0} {1}; going on at {2}",
                    place,
                    range,
                    String.valueOf(range.goOnAt().offset()));
            restart(range.partition(), range.goOnAt());
        }
        return List.of();
    }

    /** Goes on elsewhere in a partition: what is in flight is finished first, then it counts as newly assigned. */
    private void restart(TopicPartition partition, OffsetAndMetadata position) {
        OwnedPartition before = owned.get(partition);
        if (before == null) {
            return;
        }
        context.revoked(List.of(before.name()));
        commits.forget(List.of(partition));
        OwnedPartition mine = own(partition);
        consumer.seek(partition, position);
        context.assigned(List.of(mine.name()));
        if (position.offset() >= end(partition)) {
            moveTo(mine, position);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (closing || partitions.isEmpty()) {
            return;
        }
        partitions.forEach(this::own);
        context.assigned(names(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        if (!closing) {
            note(context.revoked(names(partitions)));
        }
        commits.sendNow(partitions, COMMIT_LIMIT);
        disown(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        if (!closing) {
            context.lost(names(partitions));
        }
        disown(partitions);
    }

    @Override
    public void commit(Map<String, Long> frontier) {
        commits.throwIfFailed();
        note(frontier);
        commits.send();
    }

    private void note(Map<String, Long> frontier) {
        frontier.forEach((name, offset) -> {
            OwnedPartition mine = byName.get(name);
            OffsetAndMetadata done = mine == null ? null : mine.doneBelow(offset);
            if (mine != null && done != null) {
                commits.add(mine.partition(), done);
            }
        });
    }

    /** As the client knows it from its last fetches; it asks nobody, or not so that it waits for the answer. */
    @Override
    public Map<String, Long> lag() {
        Map<String, Long> lag = new HashMap<>();
        for (OwnedPartition mine : owned.values()) {
            consumer.currentLag(mine.partition()).ifPresent(records -> lag.put(mine.name(), mine.unread(records)));
        }
        return lag;
    }

    @Override
    public boolean isExhausted() {
        return !plan.ends().isEmpty() && owned.values().stream().allMatch(OwnedPartition::hasEnded);
    }

    @Override
    public boolean isPausable() {
        return true;
    }

    @Override
    public void pause(Collection<String> partitions) {
        consumer.pause(ours(partitions));
    }

    @Override
    public void resume(Collection<String> partitions) {
        consumer.resume(ours(partitions));
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        closing = true;
        try {
            commitAll();
        } finally {
            try {
                consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
            } finally {
                watch.close();
            }
        }
    }

    private void commitAll() {
        long deadline = System.nanoTime() + COMMIT_LIMIT.toNanos();
        while (true) {
            try {
                commits.sendAllNow(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                return;
            } catch (RebalanceInProgressException e) {
                if (System.nanoTime() - deadline > 0) {
                    commits.giveUp(e);
                    return;
                }
                pollForTheRebalance();
            }
        }
    }

    /** The group takes commits again when its rebalance has ended; what is read meanwhile comes again elsewhere. */
    private void pollForTheRebalance() {
        try {
            consumer.pause(consumer.assignment());
            consumer.poll(REBALANCE_STEP);
        } catch (KafkaException e) {
            LOG.log(Level.DEBUG, "{0} polls on until its deadline: {1}", place, e);
        }
    }

    private OwnedPartition own(TopicPartition partition) {
        OwnedPartition mine = new OwnedPartition(partition, end(partition), ids.metadata(partition.topic()));
        owned.put(partition, mine);
        byName.put(mine.name(), mine);
        return mine;
    }

    private void disown(Collection<TopicPartition> partitions) {
        commits.forget(partitions);
        for (TopicPartition partition : partitions) {
            OwnedPartition former = owned.remove(partition);
            if (former != null) {
                byName.remove(former.name());
            }
        }
    }

    private long end(TopicPartition partition) {
        return plan.ends().getOrDefault(partition, Long.MAX_VALUE);
    }

    /** The partitions of these names that are still ours and not at their end. */
    private List<TopicPartition> ours(Collection<String> names) {
        List<TopicPartition> partitions = new ArrayList<>(names.size());
        for (String name : names) {
            OwnedPartition mine = byName.get(name);
            if (mine != null && !mine.hasEnded()) {
                partitions.add(mine.partition());
            }
        }
        return partitions;
    }

    private static List<String> names(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).toList();
    }

    private UnavailableException unavailable(RetriableException e) {
        return new UnavailableException("Kafka at " + plan.servers() + " does not answer: " + e.getMessage(), e);
    }
}
