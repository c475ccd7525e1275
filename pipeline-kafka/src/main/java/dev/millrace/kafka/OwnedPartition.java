package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Progress;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A partition while it is ours, from one assignment to its end. Belongs to the thread that polls. */
final class OwnedPartition {

    private static final long NOTHING = -1;

    private final TopicPartition partition;
    private final String name;
    private final long end;
    private final String topicId;
    private final LeaderEpochs epochs = new LeaderEpochs();

    /** What follows the last record handed out. */
    private long handedOut = NOTHING;
    /** The first offset not done, as the engine has it. */
    private long done = NOTHING;
    /**
     * What the next poll begins with; beyond {@link #handedOut} where transaction markers or compacted records follow.
     */
    private @Nullable OffsetAndMetadata position;
    /** The newest offset that was asked to be committed. */
    private long committing = NOTHING;
    /**
     * What is done beyond {@link #done}, as the engine told last; and whether that was not asked to be committed yet.
     */
    private List<Progress.Run> beyond = List.of();

    private boolean isBeyondNew;
    /** What a former owner had done. */
    private @Nullable DoneBefore doneBefore;

    /** With the id of the topic, which goes with each offset that is committed; empty where there is none. */
    OwnedPartition(TopicPartition partition, long end, String topicId) {
        this.partition = partition;
        this.name = partition.toString();
        this.end = end;
        this.topicId = topicId;
    }

    TopicPartition partition() {
        return partition;
    }

    /** The name in the pipeline; one object for all records of this assignment. */
    String name() {
        return name;
    }

    /**
     * Takes over what a former owner had done beyond the offset that it committed.
     *
     * @throws IllegalArgumentException if the metadata is none of ours, or was not made for that offset
     */
    void goOnFrom(OffsetAndMetadata committed) {
        Optional<String> then = CommitMetadata.topicId(committed.metadata());
        if (then.isEmpty() || then.get().equals(topicId)) {
            doneBefore = CommitMetadata.done(committed.metadata(), committed.offset())
                    .map(DoneBefore::new)
                    .orElse(null);
        }
    }

    /** A record as the pipeline sees it, or {@code null} where it lies beyond the end. */
    @Nullable
    PipelineRecord<ConsumerRecord<byte[], byte[]>> handOut(ConsumerRecord<byte[], byte[]> record) {
        if (record.offset() >= end) {
            return null;
        }
        handedOut = record.offset() + 1;
        epochs.add(record.offset(), record.leaderEpoch());
        PipelineRecord<ConsumerRecord<byte[], byte[]>> raw = PipelineRecord.of(record, name, record.offset())
                .withKey(record.key())
                .withHeaders(RecordHeaderList.toPipeline(record.headers()))
                .withSize(Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize()));
        if (doneBefore != null && doneBefore.holds(record.offset(), record.leaderEpoch())) {
            raw = raw.alreadyDone();
        }
        return record.timestamp() == ConsumerRecord.NO_TIMESTAMP ? raw : raw.withTimestamp(record.timestamp());
    }

    void moveTo(OffsetAndMetadata position) {
        this.position = position.offset() > end ? new OffsetAndMetadata(end, epochs.below(end), "") : position;
    }

    boolean hasEnded() {
        return position != null && position.offset() >= end;
    }

    /** The first offset not read; 0 before the first poll. */
    long next() {
        return Math.max(Math.max(0, handedOut), position == null ? 0 : position.offset());
    }

    /** Of so many records after the position, those before the end. */
    long unread(long records) {
        return position == null ? records : Math.max(0, Math.min(records, end - position.offset()));
    }

    /** What to commit now that all below an offset is done; {@code null} if nothing new. */
    @Nullable
    OffsetAndMetadata doneBelow(long offset) {
        done = Math.max(done, offset);
        return toCommit();
    }

    /** As {@link #doneBelow} the frontier, with what is done beyond it. */
    @Nullable
    OffsetAndMetadata done(Progress progress) {
        isBeyondNew |= !beyond.equals(progress.beyond());
        beyond = progress.beyond();
        return doneBelow(progress.frontier());
    }

    /**
     * What to commit beyond what was asked already; {@code null} if nothing. Once all that was handed out is done, it
     * is the position: behind the last record there may be offsets that hold none for us, and the lag would never be 0.
     */
    @Nullable
    OffsetAndMetadata toCommit() {
        boolean isAllDone = done >= handedOut && position != null && position.offset() >= done;
        long newest = isAllDone && position != null ? position.offset() : done;
        if (newest < committing || newest == committing && !isBeyondNew || newest == NOTHING) {
            return null;
        }
        committing = newest;
        isBeyondNew = false;
        return new OffsetAndMetadata(
                newest,
                isAllDone && position != null ? position.leaderEpoch() : epochs.below(newest),
                metadata(newest));
    }

    /** What is done beyond an offset is true for as long as the partition is ours, also at a later one. */
    private String metadata(long offset) {
        List<Progress.Run> runs = Progress.of(offset, beyond).beyond();
        Optional<Integer> epoch = epochs.newest();
        if (topicId.isEmpty()) {
            return "";
        }
        return runs.isEmpty() || epoch.isEmpty()
                ? CommitMetadata.of(topicId)
                : CommitMetadata.of(topicId, offset, epoch.get(), runs);
    }
}
