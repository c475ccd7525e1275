package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.spi.OffsetRun;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class OwnedPartitionTest {

    private final OwnedPartition partition = new OwnedPartition(new TopicPartition("t", 0), Long.MAX_VALUE, "");

    @Test
    void shouldCommitThePositionOnceAllIsDoneSoThatLagReachesZero() {
        handOut(5);
        handOut(6);
        partition.moveTo(at(9)); // a transaction marker and what compaction removed

        partition.done(6L, null);
        assertThat(partition.toCommit()).isEqualTo(new OffsetAndMetadata(6));
        partition.done(7L, null);
        assertThat(partition.toCommit()).isEqualTo(at(9));
        assertThat(partition.toCommit()).isNull();
        partition.moveTo(at(12));
        assertThat(partition.toCommit()).isEqualTo(at(12));
    }

    @Test
    void shouldCommitThePositionOfAPartitionThatHoldsNothingForUs() {
        partition.moveTo(at(3));
        assertThat(partition.toCommit()).isEqualTo(at(3));
    }

    @Test
    void shouldNotCommitAPositionWhileRecordsBelowItAreNotDone() {
        handOut(5);
        partition.moveTo(at(9));
        assertThat(partition.toCommit()).isNull();
    }

    /** A poll may end before what a former owner has done. */
    @Test
    void shouldGoOnTellingOfWhatWasDoneAndIsNotReadAgainYet() {
        String id = new Uuid(1, 2).toString();
        OwnedPartition known = new OwnedPartition(new TopicPartition("t", 0), Long.MAX_VALUE, id);
        List<OffsetRun> runs = List.of(new OffsetRun(5, 6), new OffsetRun(8, 8));
        known.goOnFrom(new OffsetAndMetadata(4, CommitMetadata.of(id, 4, 7, runs)));
        assertThat(known.handOut(ofEpoch(4, 3))).isNotNull();
        known.moveTo(at(5));
        known.done(5L, null);

        assertThat(known.toCommit())
                .extracting(OffsetAndMetadata::metadata)
                .isEqualTo(CommitMetadata.of(id, 5, 7, runs));

        assertThat(known.handOut(ofEpoch(5, 8)))
                .as("another record, since the log was cut")
                .isNotNull();
        known.moveTo(at(6));
        known.done(6L, null);
        assertThat(known.toCommit()).extracting(OffsetAndMetadata::metadata).isEqualTo(CommitMetadata.of(id));
    }

    private static ConsumerRecord<byte[], byte[]> ofEpoch(long offset, int epoch) {
        return new ConsumerRecord<>(
                "t",
                0,
                offset,
                ConsumerRecord.NO_TIMESTAMP,
                TimestampType.NO_TIMESTAMP_TYPE,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                null,
                null,
                new RecordHeaders(),
                Optional.of(epoch));
    }

    @Test
    void shouldNotCommitBeyondAnEnd() {
        OwnedPartition bounded = new OwnedPartition(new TopicPartition("t", 0), 6, "");
        assertThat(bounded.handOut(new ConsumerRecord<>("t", 0, 5, null, null))).isNotNull();
        assertThat(bounded.handOut(new ConsumerRecord<>("t", 0, 6, null, null))).isNull();
        bounded.moveTo(at(7));

        assertThat(bounded.hasEnded()).isTrue();
        bounded.done(6L, null);
        assertThat(bounded.toCommit()).isEqualTo(new OffsetAndMetadata(6));
    }

    @Test
    void shouldKnowTheEpochOfEachRecordStillToBeCommitted() {
        SplittableRandom random = new SplittableRandom(11);
        for (int run = 0; run < 200; run++) {
            LeaderEpochs epochs = new LeaderEpochs();
            TreeMap<Long, Optional<Integer>> model = new TreeMap<>();
            long offset = random.nextInt(5);
            int epoch = 0;
            long asked = 0;
            for (int step = 0; step < 100; step++) {
                if (random.nextInt(3) > 0) {
                    epoch += random.nextInt(10) == 0 ? 1 : 0;
                    offset += 1 + random.nextInt(3);
                    epochs.add(offset, Optional.of(epoch));
                    model.put(offset, Optional.of(epoch));
                } else {
                    asked = Math.max(asked, random.nextLong(offset + 2));
                    var below = model.lowerEntry(asked);
                    assertThat(epochs.below(asked)).isEqualTo(below == null ? Optional.empty() : below.getValue());
                }
            }
        }
    }

    private void handOut(long offset) {
        assertThat(partition.handOut(new ConsumerRecord<>("t", 0, offset, null, null)))
                .isNotNull();
    }

    private static OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset, Optional.of(4), "");
    }
}
