package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
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
    private final String metadata;
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

    /** With what goes with each offset that is committed. */
    OwnedPartition(TopicPartition partition, long end, String metadata) {
        this.partition = partition;
        this.name = partition.toString();
        this.end = end;
        this.metadata = metadata;
    }

    TopicPartition partition() {
        return partition;
    }

    /** The name in the pipeline; one object for all records of this assignment. */
    String name() {
        return name;
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
                .withSize(Math.max(0, record.serializedKeySize())
                        + Math.max(0, record.serializedValueSize())
                        + RecordHeaderList.size(record.headers()));
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

    /**
     * What to commit beyond what was asked already; {@code null} if nothing. Once all that was handed out is done, it
     * is the position: behind the last record there may be offsets that hold none for us, and the lag would never be 0.
     */
    @Nullable
    OffsetAndMetadata toCommit() {
        OffsetAndMetadata newest = null;
        if (done >= handedOut && position != null && position.offset() >= done) {
            newest = new OffsetAndMetadata(position.offset(), position.leaderEpoch(), metadata);
        } else if (done != NOTHING) {
            newest = new OffsetAndMetadata(done, epochs.below(done), metadata);
        }
        if (newest == null || newest.offset() <= committing) {
            return null;
        }
        committing = newest.offset();
        return newest;
    }
}
