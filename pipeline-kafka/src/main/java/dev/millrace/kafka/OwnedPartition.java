package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.OffsetRun;
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
    private long end;
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
    /** What is done beyond {@link #done}, as the engine has it; and whether that is yet to be committed. */
    private List<OffsetRun> beyond = List.of();

    private boolean isBeyondNew;
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
     * Goes on from what a former owner has committed: what it had done beyond the offset is passed over.
     *
     * @return what that is, if anything
     * @throws IllegalArgumentException if the metadata is none of ours, or was not made for that offset
     */
    Optional<DoneBefore> goOnFrom(OffsetAndMetadata committed) {
        Optional<DoneBefore> known = CommitMetadata.done(committed.metadata(), topicId, committed.offset())
                .map(DoneBefore::new);
        if (known.isPresent()) {
            doneBefore = known.get();
            // Not to be committed once more as it is, since that would tell of less until all of it has been read.
            committing = committed.offset();
        }
        return known;
    }

    /** A record as the pipeline sees it, or {@code null} where it lies beyond the end or was done before. */
    @Nullable
    PipelineRecord<ConsumerRecord<byte[], byte[]>> handOut(ConsumerRecord<byte[], byte[]> record) {
        if (record.offset() >= end) {
            return null;
        }
        epochs.add(record.offset(), record.leaderEpoch());
        if (doneBefore != null && doneBefore.passesOver(record.offset(), record.leaderEpoch())) {
            return null;
        }
        handedOut = record.offset() + 1;
        PipelineRecord<ConsumerRecord<byte[], byte[]>> raw = PipelineRecord.of(record, name, record.offset())
                .withKey(record.key())
                .withHeaders(RecordHeaderList.toPipeline(record.headers()))
                .withSize(Math.max(0, record.serializedKeySize())
                        + Math.max(0, record.serializedValueSize())
                        + RecordHeaderList.size(record.headers()));
        return record.timestamp() == ConsumerRecord.NO_TIMESTAMP ? raw : raw.withTimestamp(record.timestamp());
    }

    void moveTo(OffsetAndMetadata position) {
        this.position = position.offset() > end ? new OffsetAndMetadata(end, epochs.below(end), "") : position;
    }

    boolean hasAnEnd() {
        return end != Long.MAX_VALUE;
    }

    /** Ends at an offset, and is known to go on at a position. */
    void endAt(long offset, long next) {
        end = Math.max(offset, Math.max(next, handedOut));
        if (position == null) {
            position = new OffsetAndMetadata(next, epochs.below(next), "");
        }
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

    /** Notes that all below an offset is done, and what is beyond it; {@code null} where there is no news. */
    void done(@Nullable Long frontier, @Nullable List<OffsetRun> runs) {
        if (frontier != null) {
            done = Math.max(done, frontier);
        }
        if (runs != null && !runs.equals(beyond)) {
            beyond = runs;
            isBeyondNew = true;
        }
    }

    /**
     * What to commit beyond what was asked already; {@code null} if nothing. Once all that was handed out is done, it
     * is the position: behind the last record there may be offsets that hold none for us, and the lag would never be 0.
     */
    @Nullable
    OffsetAndMetadata toCommit() {
        boolean isAllDone = done >= handedOut && position != null && position.offset() >= done;
        long newest = isAllDone && position != null ? position.offset() : done;
        boolean isNew = newest > committing || newest == committing && isBeyondNew;
        if (!isNew || newest == NOTHING) {
            return null;
        }
        committing = newest;
        isBeyondNew = false;
        return new OffsetAndMetadata(
                newest,
                isAllDone && position != null ? position.leaderEpoch() : epochs.below(newest),
                metadata(newest));
    }

    private String metadata(long offset) {
        if (topicId.isEmpty()) {
            return "";
        }
        Optional<Integer> newest = epochs.newest();
        if (newest.isEmpty()) {
            return CommitMetadata.of(topicId);
        }
        return doneBefore == null
                ? CommitMetadata.of(topicId, offset, newest.get(), beyond)
                : CommitMetadata.of(
                        topicId, offset, doneBefore.epoch(newest.get()), doneBefore.with(beyond, newest.get()));
    }
}
