package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
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
