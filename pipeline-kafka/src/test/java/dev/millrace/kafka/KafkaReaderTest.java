package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.OffsetRun;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KafkaReaderTest {

    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);

    private static final Uuid ID = new Uuid(1, 2);
    private static final String STAMP = "topic-id=" + ID;

    private volatile Map<String, Uuid> brokerSays = Map.of("t", ID);
    private HoldingConsumer consumer = new HoldingConsumer();
    private final TestContext context = new TestContext();
    private TopicWatch watch = new TopicWatch(() -> brokerSays, () -> {}, context, 0);
    private KafkaReader reader = shared(false);

    @Test
    void shouldHandRecordsOutWithAllThatSurroundsThem() {
        assign(P0);
        consumer.add(P0, 5, 1);
        List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> records = poll();

        assertThat(records).hasSize(1);
        PipelineRecord<ConsumerRecord<byte[], byte[]>> record = records.get(0);
        assertThat(record.partition()).isEqualTo("t-0");
        assertThat(record.offset()).isEqualTo(5);
        assertThat((byte[]) record.key()).containsExactly(5);
        assertThat(record.value().value()).containsExactly(1, 5);
        assertThat(record.headers().last("h"))
                .hasValueSatisfying(value -> assertThat(value).containsExactly(9));
        assertThat(record.timestamp()).contains(Instant.ofEpochMilli(1_005));
        assertThat(record.sizeInBytes()).as("key, value and header").isEqualTo(1 + 2 + 2);
        assertThat(context.events).containsExactly("assigned [t-0]");
    }

    @Test
    void shouldCommitWithTheLeaderEpochOfTheLastRecordDone() {
        assign(P0);
        for (int offset = 0; offset < 4; offset++) {
            consumer.add(P0, offset, 7);
        }
        consumer.add(P0, 4, 8);
        consumer.add(P0, 5, 8);
        poll();

        reader.commit(Map.of("t-0", 4L));
        consumer.answer(null);
        reader.commit(Map.of("t-0", 5L));
        consumer.answer(null);

        assertThat(consumer.asyncCommits)
                .containsExactly(
                        Map.of(P0, new OffsetAndMetadata(4, Optional.of(7), STAMP)),
                        Map.of(P0, new OffsetAndMetadata(5, Optional.of(8), STAMP)));
    }

    @Test
    void shouldHaveOneCommitInFlightAndThenSendOnlyTheNewest() {
        assign(P0, P1);
        addTen(P0);
        addTen(P1);
        poll();

        reader.commit(Map.of("t-0", 2L));
        reader.commit(Map.of("t-0", 3L, "t-1", 1L));
        reader.commit(Map.of("t-0", 4L));
        assertThat(consumer.asyncCommits).hasSize(1);

        consumer.answer(null);
        poll();
        assertThat(consumer.asyncCommits).hasSize(2);
        assertThat(offsets(consumer.asyncCommits.get(1))).containsOnly(Map.entry(P0, 4L), Map.entry(P1, 1L));
    }

    @Test
    void shouldCommitNewRunsAtAnOffsetThatHasNotMovedAndEachOnce() {
        assign(P0);
        addTen(P0);
        poll();
        List<OffsetRun> runs = List.of(new OffsetRun(4, 6));

        reader.commit(Map.of("t-0", 2L));
        consumer.answer(null);
        reader.commit(Map.of(), Map.of("t-0", runs));
        consumer.answer(null);
        reader.commit(Map.of("t-0", 2L), Map.of("t-0", runs));

        assertThat(consumer.asyncCommits)
                .containsExactly(Map.of(P0, new OffsetAndMetadata(2, Optional.of(1), STAMP)), kept(2, 1, runs));
    }

    @Test
    void shouldCommitTheOffsetAloneOnceTheBrokersRefuseTheMetadata() {
        assign(P0);
        addTen(P0);
        poll();
        reader.commit(Map.of("t-0", 2L), Map.of("t-0", List.of(new OffsetRun(4, 6))));

        consumer.answer(new OffsetMetadataTooLarge("too large"));
        poll();
        consumer.answer(null);
        reader.commit(Map.of("t-0", 3L), Map.of("t-0", List.of(new OffsetRun(5, 6))));

        assertThat(consumer.asyncCommits).hasSize(3);
        assertThat(consumer.asyncCommits.subList(1, 3))
                .containsExactly(
                        Map.of(P0, new OffsetAndMetadata(2, Optional.of(1), STAMP)),
                        Map.of(P0, new OffsetAndMetadata(3, Optional.of(1), STAMP)));
    }

    @Test
    void shouldPassOverWhatAFormerOwnerHasDoneAndGoOnTellingOfIt() {
        goOnFrom(2, CommitMetadata.of(ID.toString(), 2, 1, List.of(new OffsetRun(4, 7), new OffsetRun(9, 9))));
        assertThat(poll()).extracting(PipelineRecord::offset).containsExactly(2L, 3L, 8L);

        reader.commit(Map.of("t-0", 2L));
        assertThat(consumer.asyncCommits).as("it would say less").isEmpty();
        reader.commit(Map.of("t-0", 3L), Map.of("t-0", List.of(new OffsetRun(4, 8))));
        assertThat(consumer.asyncCommits).containsExactly(kept(3, 1, List.of(new OffsetRun(4, 9))));
        consumer.answer(null);
        reader.commit(Map.of("t-0", 9L));
        assertThat(consumer.asyncCommits)
                .last()
                .isEqualTo(Map.of(P0, new OffsetAndMetadata(10, Optional.of(1), STAMP)));
    }

    @Test
    void shouldReadRecordsThatHaveTakenThePlaceOfThoseDone() {
        goOnFrom(2, CommitMetadata.of(ID.toString(), 2, 0, List.of(new OffsetRun(4, 9))));
        assertThat(poll()).hasSize(8);
    }

    @Test
    void shouldReadAllOnAndSayWhyOnceWhenTheMetadataIsNotIts() {
        try (LogCapture log = new LogCapture()) {
            goOnFrom(2, "spring:7");
            assertThat(poll()).hasSize(8);
            assertThat(poll()).isEmpty();
            assertThat(log.text())
                    .containsOnlyOnce("[pipeline|from] ignores the metadata committed with the offset of t-0: no"
                            + " pipeline has written it, or one of another version");
        }
    }

    @Test
    void shouldBeginATopicAnewThoughItsGroupRemembersTheFormerOne() {
        goOnFrom(3, CommitMetadata.of(new Uuid(3, 4).toString()));
        assertThat(poll()).hasSize(10);
    }

    private static Map<TopicPartition, OffsetAndMetadata> kept(long offset, int epoch, List<OffsetRun> runs) {
        String metadata = CommitMetadata.of(ID.toString(), offset, epoch, runs);
        return Map.of(P0, new OffsetAndMetadata(offset, Optional.of(epoch), metadata));
    }

    /** With ten records of the epoch 1 from the offset 0 on. */
    private void goOnFrom(long offset, String metadata) {
        consumer.stored.put(P0, new OffsetAndMetadata(offset, Optional.of(0), metadata));
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        rebalance(P0);
        addTen(P0);
    }

    @Test
    void shouldNeverMoveAGroupBack() {
        assign(P0);
        addTen(P0);
        poll();

        reader.commit(Map.of("t-0", 5L));
        consumer.answer(null);
        reader.commit(Map.of("t-0", 4L));
        reader.commit(Map.of("t-0", 5L));

        assertThat(consumer.asyncCommits).hasSize(1);
    }

    @Test
    void shouldLeaveAFailedCommitToTheNextOne() {
        assign(P0);
        addTen(P0);
        poll();

        reader.commit(Map.of("t-0", 2L));
        consumer.answer(new RetriableCommitFailedException("later"));
        poll();
        consumer.answer(new RebalanceInProgressException());
        reader.commit(Map.of("t-0", 3L));
        consumer.answer(new StaleMemberEpochException("a rebalance came first"));
        poll();
        consumer.answer(null);
        poll();

        assertThat(consumer.asyncCommits.stream().map(each -> each.get(P0).offset()))
                .containsExactly(2L, 2L, 3L, 3L);
        assertThat(consumer.unanswered()).isZero();
    }

    @Test
    void shouldLoseNeitherRecordsNorOffsetsWhenACommitCannotBeSent() {
        assign(P0);
        addTen(P0);
        poll();
        reader.commit(Map.of("t-0", 2L));
        reader.commit(Map.of("t-0", 3L));
        consumer.answer(null);
        consumer.add(P0, 10, 1);
        consumer.asyncFailures.add(new WakeupException());
        consumer.asyncFailures.add(DisconnectException.INSTANCE);

        assertThat(poll()).isEmpty();
        assertThatThrownBy(this::poll).isInstanceOf(UnavailableException.class);
        assertThat(poll()).extracting(PipelineRecord::offset).containsExactly(10L);
        assertThat(offsets(consumer.asyncCommits.get(1))).containsOnly(Map.entry(P0, 3L));
    }

    @Test
    void shouldIgnoreACommitThatTheGroupNoLongerTakes() {
        assign(P0);
        addTen(P0);
        poll();

        reader.commit(Map.of("t-0", 2L));
        consumer.answer(new CommitFailedException());
        poll();

        assertThat(consumer.asyncCommits).hasSize(1);
        assertThatCode(() -> reader.commit(Map.of("t-0", 3L))).doesNotThrowAnyException();
    }

    @Test
    void shouldFailOnACommitThatCanNeverSucceed() {
        assign(P0);
        addTen(P0);
        poll();

        reader.commit(Map.of("t-0", 2L));
        consumer.answer(GroupAuthorizationException.forGroupId("g"));

        for (ThrowingCallable call : List.<ThrowingCallable>of(() -> reader.commit(Map.of("t-0", 3L)), this::poll)) {
            assertThatThrownBy(call)
                    .isInstanceOf(StageFailedException.class)
                    .hasMessage("no right to READ group 'g'")
                    .hasCauseInstanceOf(GroupAuthorizationException.class);
        }
    }

    @Test
    void shouldCommitWhatIsDoneBeforeItGivesPartitionsUp() {
        assign(P0, P1);
        addTen(P0);
        addTen(P1);
        poll();
        reader.commit(Map.of("t-0", 2L, "t-1", 3L));
        context.done.putAll(Map.of("t-0", 6L, "t-1", 7L));

        assign(P1);

        assertThat(context.events).containsExactly("assigned [t-0, t-1]", "revoked [t-0]");
        assertThat(consumer.syncCommits).hasSize(1);
        assertThat(offsets(consumer.syncCommits.get(0))).containsOnly(Map.entry(P0, 6L));
    }

    @Test
    void shouldCommitNothingOfPartitionsThatAreLost() {
        assign(P0, P1);
        addTen(P0);
        addTen(P1);
        poll();
        reader.commit(Map.of("t-0", 1L));
        reader.commit(Map.of("t-0", 2L, "t-1", 3L));

        consumer.losePartitions(List.of(P0));
        consumer.answer(new RetriableCommitFailedException("later"));
        reader.commit(Map.of("t-0", 9L));
        poll();

        assertThat(context.events).containsExactly("assigned [t-0, t-1]", "lost [t-0]");
        assertThat(consumer.syncCommits).isEmpty();
        assertThat(consumer.asyncCommits).hasSize(2);
        assertThat(offsets(consumer.asyncCommits.get(1))).containsOnly(Map.entry(P1, 3L));
    }

    @Test
    void shouldKeepNothingOfAFormerAssignment() {
        assign(P0);
        addTen(P0);
        poll();
        reader.commit(Map.of("t-0", 8L));
        consumer.answer(null);

        assign();
        assign(P0);
        consumer.seek(P0, 3);
        consumer.add(P0, 3, 2);
        consumer.add(P0, 4, 2);
        poll();
        reader.commit(Map.of("t-0", 4L));

        assertThat(context.events).containsExactly("assigned [t-0]", "revoked [t-0]", "assigned [t-0]");
        assertThat(consumer.asyncCommits).last().isEqualTo(Map.of(P0, new OffsetAndMetadata(4, Optional.of(2), STAMP)));
    }

    @Test
    void shouldKeepApartTwoAssignmentsOfAPartitionWithinOnePoll() {
        assign(P0);
        addTen(P0);
        poll();
        context.done.put("t-0", 6L);
        consumer.schedulePollTask(() -> {
            rebalance();
            rebalance(P0);
            consumer.seek(P0, 6);
            consumer.add(P0, 6, 2);
            consumer.add(P0, 7, 2);
        });

        assertThat(poll()).extracting(PipelineRecord::offset).containsExactly(6L, 7L);
        assertThat(offsets(consumer.syncCommits.get(0))).containsOnly(Map.entry(P0, 6L));
        reader.commit(Map.of("t-0", 7L));
        assertThat(consumer.asyncCommits).last().isEqualTo(Map.of(P0, new OffsetAndMetadata(7, Optional.of(2), STAMP)));
        assertThat(context.events).containsExactly("assigned [t-0]", "revoked [t-0]", "assigned [t-0]");
    }

    @Test
    void shouldCommitAgainWhenAWakeUpHitsTheCommitOfARevocation() {
        assign(P0);
        addTen(P0);
        poll();
        context.done.put("t-0", 6L);
        consumer.syncFailures.add(new WakeupException());

        assign();

        assertThat(offsets(consumer.syncCommits.get(0))).containsOnly(Map.entry(P0, 6L));
        assertThat(poll()).as("the wake-up is still owed to the poll").isEmpty();
    }

    @Test
    void shouldGivePartitionsUpThoughTheirCommitFails() {
        assign(P0);
        addTen(P0);
        poll();
        context.done.put("t-0", 6L);
        consumer.syncFailures.add(new TimeoutException("busy"));

        assign();
        assign(P0);

        assertThatCode(this::poll).doesNotThrowAnyException();
        assertThat(context.events).containsExactly("assigned [t-0]", "revoked [t-0]", "assigned [t-0]");
    }

    @Test
    void shouldReadAPartitionWithoutCommittedOffsetFromItsFirstRecord() {
        consumer.updateBeginningOffsets(Map.of(P0, 3L));
        rebalance(P0);
        assertThat(poll()).isEmpty();
        for (int offset = 0; offset < 5; offset++) {
            consumer.add(P0, offset, 1);
        }

        assertThat(poll()).extracting(PipelineRecord::offset).containsExactly(3L, 4L);
    }

    @Test
    void shouldStopWithTheExactRangeWhenRecordsWereLost() {
        assign(P0);
        consumer.updateBeginningOffsets(Map.of(P0, 40L));
        consumer.updateEndOffsets(Map.of(P0, 60L));
        consumer.seek(P0, 15);
        consumer.add(P0, 50, 1);

        assertThatThrownBy(this::poll)
                .isInstanceOfSatisfying(
                        DataLossException.class,
                        loss -> assertThat(loss.losses())
                                .containsExactly(DataLoss.between("t-0", 15, 39, "its log begins at 40")))
                .hasMessage("t-0 has lost the offsets 15 to 39, 25 in all: its log begins at 40");
        assertThat(context.lost).as("who stops has not gone on").isEmpty();
    }

    @Test
    void shouldGoOnBehindLostRecordsWhenAskedToAndBeginThePartitionAnew() {
        reader = shared(true);
        assign(P0);
        addTen(P0);
        poll();
        reader.commit(Map.of("t-0", 4L));
        consumer.updateBeginningOffsets(Map.of(P0, 40L));
        consumer.updateEndOffsets(Map.of(P0, 60L));
        consumer.add(P0, 50, 3);

        assertThat(poll()).isEmpty();
        assertThat(context.lost).containsExactly(DataLoss.between("t-0", 10, 39, "its log begins at 40"));
        assertThat(poll()).extracting(PipelineRecord::offset).containsExactly(50L);
        consumer.answer(null);
        reader.commit(Map.of("t-0", 51L));

        assertThat(context.events).containsExactly("assigned [t-0]", "revoked [t-0]", "assigned [t-0]");
        assertThat(consumer.asyncCommits)
                .last()
                .isEqualTo(Map.of(P0, new OffsetAndMetadata(51, Optional.of(3), STAMP)));
    }

    @Test
    void shouldGoBackToWhereATruncatedLogDiverged() {
        reader = shared(true);
        assign(P0);
        addTen(P0);
        poll();
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        consumer.updateEndOffsets(Map.of(P0, 8L));
        consumer.setPollException(
                new LogTruncationException(Map.of(P0, 10L), Map.of(P0, new OffsetAndMetadata(7, Optional.of(1), ""))));

        assertThat(poll()).isEmpty();
        assertThat(consumer.position(P0)).isEqualTo(7);
        assertThat(context.events).containsExactly("assigned [t-0]", "revoked [t-0]", "assigned [t-0]");
    }

    @Test
    void shouldNameATruncation() {
        assertThat(new LostRange(P0, 10, 0, 8, new OffsetAndMetadata(7)).loss())
                .hasToString(
                        "t-0 has lost the offsets 7 to 9, 3 in all: they were read, but its log was truncated, holds"
                                + " others in their place and ends at 8");
        assertThat(new LostRange(P0, 10, 0, 8, null).loss())
                .hasToString("t-0 has lost the offsets 8 to 9, 2 in all: its log ends at 8: it was truncated, or made"
                        + " anew, or they never were");
        assertThat(new LostRange(P0, 10, 12, 20, new OffsetAndMetadata(7)).loss())
                .hasToString("t-0 has lost the offsets 7 to 11, 5 in all: its log begins at 12");
        assertThat(new LostRange(P0, 10, 0, 12, null).loss())
                .as("filled again beyond the position before its end was asked for")
                .hasToString("t-0 has lost all offsets from 10 on: its log ends at 12, but was truncated or made anew"
                        + " meanwhile");
    }

    @Test
    void shouldStopAndCommitNothingMoreWhenATopicWasDeletedAndCreatedAgain() {
        assign(P0);
        addTen(P0);
        poll();
        reader.commit(Map.of("t-0", 4L));
        consumer.answer(null);
        brokerSays = Map.of("t", new Uuid(3, 4));

        assertThatThrownBy(() -> pollUntil(() -> false))
                .isInstanceOf(DataLossException.class)
                .hasMessage("topic 't' was deleted and created again while it was read, and has the id "
                        + new Uuid(3, 4) + " now");
        reader.commit(Map.of("t-0", 10L));
        poll();

        assertThat(consumer.asyncCommits).hasSize(1);
    }

    @Test
    void shouldBeginATopicAnewThatWasCreatedAgainWhenAskedTo() {
        reader = shared(true);
        assign(P0);
        addTen(P0);
        poll();
        Uuid other = new Uuid(3, 4);
        brokerSays = Map.of("t", other);

        pollUntil(() -> context.events.size() == 3);
        assertThat(context.lost)
                .hasToString(
                        "[t-0 has lost all offsets from 10 on: topic 't' was deleted and created again while it was"
                                + " read, and has the id " + other + " now]");
        assertThat(consumer.position(P0)).isZero();
        consumer.add(P0, 0, 0);
        poll();
        reader.commit(Map.of("t-0", 1L));
        assertThat(context.events).containsExactly("assigned [t-0]", "revoked [t-0]", "assigned [t-0]");
        assertThat(consumer.asyncCommits)
                .last()
                .isEqualTo(Map.of(P0, new OffsetAndMetadata(1, Optional.of(0), "topic-id=" + other)));
    }

    @Test
    void shouldNotTakeALateAnswerNorABrokerThatLagsBehindForAnotherNewTopic() throws Exception {
        Uuid other = new Uuid(3, 4);
        CountDownLatch firstAsked = new CountDownLatch(1);
        CompletableFuture<Map<String, Uuid>> firstAnswer = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        watch = new TopicWatch(
                () -> {
                    if (!Thread.currentThread().getName().equals("blocking")) {
                        return Map.of("t", other);
                    }
                    firstAsked.countDown();
                    // The second broker has not heard of the new topic yet.
                    return switch (asked.getAndIncrement()) {
                        case 0 -> firstAnswer.get();
                        case 1 -> Map.of("t", ID);
                        default -> Map.of("t", other);
                    };
                },
                () -> {},
                context,
                0);
        consumer = new HoldingConsumer();
        reader = shared(true);
        assign(P0);
        addTen(P0);
        poll();
        assertThat(firstAsked.await(1, TimeUnit.MINUTES)).isTrue();
        consumer.updateBeginningOffsets(Map.of(P0, 0L));
        consumer.updateEndOffsets(Map.of(P0, 0L));
        consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 10L)));
        poll();
        assertThat(context.lost).hasSize(1).first().asString().contains("has the id " + other);

        firstAnswer.complete(Map.of("t", ID));
        pollUntil(() -> asked.get() > 6);

        assertThat(context.lost).as("it has been created again once").hasSize(1);
        assertThat(context.events).containsExactly("assigned [t-0]", "revoked [t-0]", "assigned [t-0]");
    }

    @Test
    void shouldSayThatATopicIsGoneForAsLongAsItIs() {
        assign(P0);
        addTen(P0);
        brokerSays = Map.of();

        pollUntil(() -> !reader.troubles().isEmpty());
        assertThat(reader.troubles()).containsExactly("topic 't' does not exist");
        consumer.add(P0, 10, 1);
        assertThat(poll()).as("what there is to read is read").hasSize(1);

        brokerSays = Map.of("t", ID);
        pollUntil(() -> reader.troubles().isEmpty());
    }

    @Test
    void shouldNotSayThatATopicIsGoneWhenOneBrokerDoesNotKnowItYet() {
        AtomicInteger asked = new AtomicInteger();
        watch = new TopicWatch(
                () -> asked.getAndIncrement() % 2 == 0 ? Map.of() : Map.of("t", ID), () -> {}, context, 0);
        reader = shared(false);

        pollUntil(() -> {
            assertThat(reader.troubles()).isEmpty();
            return asked.get() > 6;
        });
    }

    @Test
    void shouldTellWhatPassesFromWhatDoesNot() {
        assign(P0);
        consumer.setPollException(DisconnectException.INSTANCE);
        assertThatThrownBy(this::poll)
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("Kafka at a:1 does not answer");

        consumer.setPollException(new AuthenticationException("wrong password"));
        assertThatThrownBy(this::poll).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void shouldReturnNothingWhenWoken() {
        assign(P0);
        addTen(P0);
        reader.wakeup();

        assertThat(poll()).isEmpty();
        assertThat(poll()).hasSize(10);
    }

    @Test
    void shouldPauseAndResumeByNameAndIgnoreWhatIsNotItsOwn() {
        assign(P0, P1);
        reader.pause(List.of("t-0", "t-9"));
        addTen(P0);
        addTen(P1);
        assertThat(poll()).extracting(PipelineRecord::partition).containsOnly("t-1");

        reader.resume(List.of("t-0", "t-9"));
        assertThat(poll()).extracting(PipelineRecord::partition).containsOnly("t-0");
    }

    @Test
    void shouldCommitWhatIsOutstandingWhenItCloses() {
        assign(P0, P1);
        addTen(P0);
        addTen(P1);
        poll();
        reader.commit(Map.of("t-0", 4L));
        reader.commit(Map.of("t-1", 5L));
        consumer.syncFailures.add(new WakeupException());

        reader.close();

        assertThat(offsets(consumer.syncCommits.get(0))).containsOnly(Map.entry(P0, 4L), Map.entry(P1, 5L));
        assertThat(consumer.closed()).isTrue();
        assertThat(context.events).containsExactly("assigned [t-0, t-1]");
    }

    @Test
    void shouldBringARebalanceToItsEndToCommitWhenItCloses() {
        assign(P0);
        addTen(P0);
        poll();
        reader.commit(Map.of("t-0", 4L));
        reader.commit(Map.of("t-0", 6L));
        consumer.syncFailures.add(new RebalanceInProgressException());
        consumer.schedulePollTask(() -> rebalance(P0, P1));

        reader.close();

        assertThat(offsets(consumer.syncCommits.get(0))).containsOnly(Map.entry(P0, 6L));
        assertThat(context.events).as("the engine has ended").containsExactly("assigned [t-0]");
    }

    @Test
    void shouldReadPartitionsOfItsOwnUpToTheirEnds() {
        consumer = new HoldingConsumer();
        reader = new KafkaReader(
                consumer,
                new ReadPlan(
                        "a:1",
                        List.of("t"),
                        null,
                        false,
                        Map.of(P0, new OffsetAndMetadata(2), P1, new OffsetAndMetadata(9)),
                        Map.of(P0, 5L, P1, 9L),
                        Map.of(),
                        false),
                watch,
                context);
        reader.begin();
        addTen(P0);
        assertThat(reader.isExhausted()).isFalse();

        assertThat(poll()).extracting(PipelineRecord::offset).containsExactly(2L, 3L, 4L);
        assertThat(reader.isExhausted()).isTrue();
        assertThat(consumer.paused()).containsExactlyInAnyOrder(P0, P1);
        reader.resume(List.of("t-0"));
        assertThat(consumer.paused()).as("an ended partition stays paused").contains(P0);

        reader.commit(Map.of("t-0", 5L));
        assertThat(consumer.asyncCommits)
                .as("without a group there is nothing to commit")
                .isEmpty();
        assertThat(context.events).isEmpty();
    }

    private KafkaReader shared(boolean skipsLostData) {
        KafkaReader shared = new KafkaReader(
                consumer,
                new ReadPlan("a:1", List.of("t"), "g", true, Map.of(), Map.of(), Map.of("t", ID), skipsLostData),
                watch,
                context);
        shared.begin();
        return shared;
    }

    private void pollUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            poll();
        }
    }

    private void rebalance(TopicPartition... partitions) {
        consumer.rebalance(List.of(partitions));
    }

    /** A rebalance that leaves us with these, each read from its offset 0 where it is new. */
    private void assign(TopicPartition... partitions) {
        Map<TopicPartition, Long> firsts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            firsts.put(partition, 0L);
        }
        consumer.updateBeginningOffsets(firsts);
        rebalance(partitions);
        for (TopicPartition partition : partitions) {
            if (context.events.get(context.events.size() - 1).contains("assigned")) {
                consumer.seek(partition, 0);
            }
        }
    }

    private void addTen(TopicPartition partition) {
        for (int offset = 0; offset < 10; offset++) {
            consumer.add(partition, offset, 1);
        }
    }

    private List<PipelineRecord<ConsumerRecord<byte[], byte[]>>> poll() {
        return reader.poll(Duration.ZERO);
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetAndMetadata> commits) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        commits.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }
}
