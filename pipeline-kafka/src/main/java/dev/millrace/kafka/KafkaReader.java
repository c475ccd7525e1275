package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.OffsetRun;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;

/*
 * One consumer, polled by the engine's source loop. OwnedPartitions has what is noted of each partition, GroupMembership
 * has them come and go, Commits are on their way to the group, LostData knows what to do where records are gone.
 *
 * Positions. The client is never allowed to choose one (auto.offset.reset=none). Starts were committed before the group
 * was joined, so a partition without an offset was added later and is read from its first record.
 *
 * Waking. A wake-up may hit any blocking call of the client, whichever comes next. Those within poll give up, having
 * changed nothing, and the next poll comes there again; the commit of revoked partitions is made again at once.
 */
final class KafkaReader implements SourceReader<ConsumerRecord<byte[], byte[]>> {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final ReadPlan plan;
    private final TopicWatch watch;
    private final TopicChanges changes;
    private final Commits commits;
    private final OwnedPartitions owned;
    private final GroupMembership membership;
    private final LostData lostData;
    private final LastCommit lastCommit;
    private boolean isFinishing;

    KafkaReader(Consumer<byte[], byte[]> consumer, ReadPlan plan, TopicWatch watch, SourceContext context) {
        String place = "[" + context.pipeline() + "|" + context.stage() + "]";
        TopicIds ids = new TopicIds(plan.ids());
        this.consumer = consumer;
        this.plan = plan;
        this.watch = watch;
        this.changes = new TopicChanges(watch, ids, plan.topics());
        this.commits = new Commits(consumer, plan, place);
        this.owned = new OwnedPartitions(consumer, plan.ends(), ids, place);
        this.membership = new GroupMembership(consumer, owned, commits, context, place);
        this.lostData = new LostData(consumer, plan, owned, commits, context, place);
        this.lastCommit = new LastCommit(consumer, commits, place);
    }

    /** Asks for the partitions. */
    void begin() {
        if (plan.shared()) {
            consumer.subscribe(plan.topics(), membership);
            return;
        }
        consumer.assign(plan.starts().keySet());
        plan.starts().forEach((partition, start) -> {
            OwnedPartition mine = owned.own(partition, start);
            consumer.seek(partition, start);
            if (start.offset() <= owned.end(partition)) {
                owned.moveTo(mine, start);
            }
        });
    }

    @Override
    public List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> poll(Duration timeout) {
        throwIfACommitFailed();
        changes.news().forEach(lostData::recreated);
        try {
            return fetch(timeout);
        } catch (AuthorizationException e) {
            throw Rights.missingToRead(e);
        } catch (WakeupException e) {
            return List.of();
        } catch (RetriableException e) {
            throw new UnavailableException("Kafka at " + plan.servers() + " does not answer: " + e.getMessage(), e);
        }
    }

    private List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> fetch(Duration timeout) {
        // Not after the poll, or what is thrown here would take the records along that the client has passed already.
        commits.send();
        try {
            if (isFinishing) {
                owned.endNow(END_LIMIT);
            }
            return handOut(consumer.poll(timeout));
        } catch (NoOffsetForPartitionException e) {
            consumer.seekToBeginning(e.partitions());
        } catch (OffsetOutOfRangeException e) {
            Map<String, Uuid> recreated = changes.now();
            recreated.forEach(lostData::recreated);
            if (recreated.isEmpty()) {
                lostData.jumpOver(e);
            }
        }
        return List.of();
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
                if (raw != null) {
                    records.add(raw);
                }
            }
        }
        polled.nextOffsets().forEach((partition, position) -> {
            OwnedPartition mine = owned.get(partition);
            if (mine != null) {
                owned.moveTo(mine, position);
                OffsetAndMetadata idle = mine.toCommit();
                if (idle != null) {
                    commits.add(partition, idle);
                }
            }
        });
        return records;
    }

    @Override
    public void commit(Map<String, Long> frontier) {
        commit(frontier, Map.of());
    }

    @Override
    public void commit(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) {
        throwIfACommitFailed();
        owned.done(frontier, beyond, commits::add);
        commits.send();
    }

    private void throwIfACommitFailed() {
        try {
            commits.throwIfFailed();
        } catch (AuthorizationException e) {
            throw Rights.missingToRead(e);
        }
    }

    @Override
    public Map<String, Long> lag() {
        return owned.lag();
    }

    @Override
    public boolean isExhausted() {
        boolean isToEnd = isFinishing
                ? !plan.shared() || membership.isSettled()
                : !plan.ends().isEmpty();
        return isToEnd && owned.haveEnded();
    }

    /** Where partitions end is asked before the next poll, and of each that is assigned later. */
    @Override
    public boolean finish() {
        isFinishing = true;
        return true;
    }

    @Override
    public List<String> troubles() {
        return changes.gone().stream()
                .map(topic -> "topic '" + topic + "' does not exist")
                .toList();
    }

    @Override
    public boolean isPausable() {
        return true;
    }

    @Override
    public void pause(Collection<String> partitions) {
        consumer.pause(owned.unended(partitions));
    }

    @Override
    public void resume(Collection<String> partitions) {
        consumer.resume(owned.unended(partitions));
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        membership.closing();
        try {
            lastCommit.send();
        } finally {
            try {
                consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
            } finally {
                watch.close();
            }
        }
    }
}
