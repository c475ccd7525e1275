package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class BatchDeliveryTest {

    private static final SinkFailures KINDS = new SinkFailures(Set.of("given"));

    @Test
    void shouldTellEachFailureByItsIndex() {
        BatchDelivery batch = new BatchDelivery(4, KINDS, 0);
        CompletableFuture<WriteResult> result = batch.result().toCompletableFuture();
        batch.of(1, "t").onCompletion(null, new RecordTooLargeException("3 bytes are more than 2"));
        batch.of(0, "t").onCompletion(null, null);
        batch.failed(3, new IllegalStateException("of a function"));
        assertThat(result).isNotDone();
        batch.of(2, "t").onCompletion(null, new NotLeaderOrFollowerException("moved"));

        assertThat(result.join().failures()).containsOnlyKeys(1, 2, 3);
        assertThat(result.join().failures().get(1))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("the record is too large for topic 't': 3 bytes are more than 2");
        assertThat(result.join().failures().get(2)).isInstanceOf(UnavailableException.class);
        assertThat(result.join().failures().get(3)).hasMessage("of a function");
    }

    @Test
    void shouldCountEachRecordOnce() {
        BatchDelivery batch = new BatchDelivery(2, KINDS, 0);
        batch.written(0);
        batch.failed(0, new IllegalStateException());
        batch.written(0);
        assertThat(batch.result().toCompletableFuture()).isNotDone();
        batch.written(1);
        assertThat(batch.result().toCompletableFuture().join()).isEqualTo(WriteResult.written());
    }

    @Test
    void shouldFailAsAWholeWhereNoOtherRecordCouldBeWrittenEither() {
        BatchDelivery batch = new BatchDelivery(2, KINDS, 0);
        batch.of(0, "t").onCompletion(null, new ProducerFencedException("fenced"));
        batch.written(1);
        assertThatThrownBy(() -> batch.result().toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ProducerFencedException.class);
    }

    @Test
    void shouldGiveUpOnlyWhatIsNotAnsweredAndForThatTopic() {
        BatchDelivery batch = new BatchDelivery(4, KINDS, 0);
        RecordDelivery answered = batch.of(0, "gone");
        batch.of(1, "gone");
        RecordDelivery other = batch.of(2, "there");
        answered.onCompletion(null, null);
        Set<String> waitedFor = new TreeSet<>();
        batch.addTopicsWaitedFor(waitedFor);
        assertThat(waitedFor).containsExactly("gone", "there");

        batch.failAllFor("gone", KINDS.missing("gone", "does not exist any more"));

        assertThat(batch.result().toCompletableFuture())
                .as("the last has not been offered yet")
                .isNotDone();
        other.onCompletion(null, null);
        batch.of(3, "gone").onCompletion(null, null);
        assertThat(batch.result().toCompletableFuture().join().failures()).containsOnlyKeys(1);
        assertThat(batch.result().toCompletableFuture().join().failures().get(1))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("topic 'gone' does not exist any more");
    }

    @Test
    void shouldTellFailuresOfTheRecordFromThoseOfTheMoment() {
        assertThat(KINDS.translated("t", new InvalidTopicException("x"))).isInstanceOf(RefusedRecordException.class);
        assertThat(KINDS.translated("t", new InvalidRecordException("x"))).isInstanceOf(RefusedRecordException.class);
        assertThat(KINDS.translated("t", new TimeoutException("x"))).isInstanceOf(UnavailableException.class);
        Throwable unauthorized = new TopicAuthorizationException("x");
        Throwable translated = KINDS.translated("t", unauthorized);
        assertThat(translated)
                .isInstanceOf(TopicAuthorizationException.class)
                .hasMessage("no right to WRITE topic 't'")
                .hasCause(unauthorized);
        assertThat(SinkFailures.isFatal(translated))
                .as("others have chosen other topics")
                .isFalse();
        assertThat(SinkFailures.isFatal(new IllegalArgumentException())).isFalse();
    }

    @Test
    void shouldTellFailuresOfTheSinkFromThoseOfARecordThatHasChosenItsTopic() {
        Throwable unauthorized = new TopicAuthorizationException("x");
        assertThat(KINDS.translated("given", unauthorized))
                .isInstanceOf(StageFailedException.class)
                .hasMessage("no right to WRITE topic 'given'")
                .hasCause(unauthorized);
        assertThat(KINDS.translated("chosen", new ClusterAuthorizationException("x")))
                .isInstanceOf(StageFailedException.class)
                .hasMessage("no right to IDEMPOTENT_WRITE the cluster");
        assertThat(KINDS.missing("given", "does not exist")).isInstanceOf(StageFailedException.class);
        assertThat(KINDS.missing("chosen", "does not exist")).isInstanceOf(RefusedRecordException.class);
        assertThat(SinkFailures.isFatal(KINDS.missing("given", "does not exist")))
                .isTrue();
    }

    @Test
    void shouldBeWrittenAtOnceWhenEmpty() {
        assertThat(new BatchDelivery(0, KINDS, 0).result().toCompletableFuture())
                .isCompletedWithValue(WriteResult.written());
    }

    @Test
    void shouldRunTasksOneByOneInOrder() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            SerialExecutor serial = new SerialExecutor(threads);
            List<Integer> seen = new ArrayList<>(); // not thread-safe on purpose
            CompletableFuture<Void> last = new CompletableFuture<>();
            for (int i = 0; i < 10_000; i++) {
                int number = i;
                serial.execute(() -> seen.add(number));
            }
            serial.execute(() -> last.complete(null));
            last.get(1, TimeUnit.MINUTES);
            assertThat(seen).hasSize(10_000).isSorted();
        } finally {
            threads.shutdownNow();
        }
    }
}
