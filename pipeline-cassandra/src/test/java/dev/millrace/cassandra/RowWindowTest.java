package dev.millrace.cassandra;

import static dev.millrace.cassandra.TestRows.indexes;
import static dev.millrace.cassandra.TestRows.partition;
import static dev.millrace.cassandra.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RowWindowTest {

    private static final int BATCH_BYTES = 100;

    private final Deque<Sent> sent = new ArrayDeque<>();

    private record Sent(List<Row> rows, CompletableFuture<Object> answer) {

        void succeed() {
            answer.complete("done");
        }

        void fail(Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    private RowWindow windowOf(int limit) {
        return window(limit, rows -> {
            Sent request = new Sent(rows, new CompletableFuture<>());
            sent.add(request);
            return request.answer();
        });
    }

    private static RowWindow window(int limit, Function<List<Row>, CompletionStage<?>> sender) {
        return new RowWindow(limit, BATCH_BYTES, partition -> partition, sender, Function.identity());
    }

    /** Rows of a byte, each in the partition given. */
    private static CompletableFuture<WriteResult> submit(RowWindow window, int... partitions) {
        PendingWrite write = new PendingWrite(partitions.length);
        window.submit(IntStream.range(0, partitions.length)
                .mapToObj(i -> row(write, i, partitions[i], 1))
                .toList());
        return write.result().toCompletableFuture();
    }

    private static Map<Integer, Throwable> failures(CompletableFuture<WriteResult> result) {
        assertThat(result).isDone();
        return result.join().failures();
    }

    private static CompletableFuture<WriteResult> submitEachToItsOwn(RowWindow window, int count) {
        return submit(window, IntStream.range(0, count).toArray());
    }

    @Test
    void shouldAnswerAtOnceWhenThereAreNoRows() {
        assertThat(submit(windowOf(1))).isCompletedWithValue(WriteResult.written());
    }

    @Test
    void shouldSendAtOnceWhenThereIsRoom() {
        RowWindow window = windowOf(3);

        CompletableFuture<WriteResult> one = submit(window, 1);
        CompletableFuture<WriteResult> other = submit(window, 1);

        assertThat(sent).extracting(request -> request.rows().size()).containsExactly(1, 1);
        assertThat(window.inFlight()).isEqualTo(2);
        sent.getLast().succeed();
        assertThat(one).isNotDone();
        assertThat(other).isCompletedWithValue(WriteResult.written());
    }

    @Test
    void shouldSendTheNextWhenOneIsAnswered() {
        RowWindow window = windowOf(2);

        CompletableFuture<WriteResult> result = submitEachToItsOwn(window, 3);
        assertThat(sent).hasSize(2);
        sent.remove().succeed();

        assertThat(sent).hasSize(2);
        assertThat(window.inFlight()).isEqualTo(2);
        assertThat(result).isNotDone();
        sent.remove().succeed();
        sent.remove().succeed();
        assertThat(result).isCompletedWithValue(WriteResult.written());
        assertThat(window.inFlight()).isZero();
    }

    @Test
    void shouldSendRowsOfManyBatchesTogetherWhenTheyHadToWait() {
        RowWindow window = windowOf(1);
        CompletableFuture<WriteResult> first = submit(window, 1);
        CompletableFuture<WriteResult> second = submit(window, 1, 2);
        CompletableFuture<WriteResult> third = submit(window, 2, 1, 1);

        sent.remove().succeed();
        assertThat(first).isCompletedWithValue(WriteResult.written());
        assertThat(sent.element().rows())
                .hasSize(3)
                .extracting(TestRows::partition)
                .containsOnly(1);
        sent.remove().succeed();
        assertThat(second).isNotDone();
        assertThat(sent.element().rows())
                .hasSize(2)
                .extracting(TestRows::partition)
                .containsOnly(2);
        sent.remove().succeed();

        assertThat(second).isCompletedWithValue(WriteResult.written());
        assertThat(third).isCompletedWithValue(WriteResult.written());
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldFailOnlyTheRowToBlameInItsOwnBatchWhenItSharedARequest() {
        IllegalStateException refusal = new IllegalStateException("refused");
        RowWindow window = windowOf(1);
        CompletableFuture<WriteResult> before = submit(window, 7);
        List<CompletableFuture<WriteResult>> results = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            results.add(submit(window, 1, 1, 1));
        }
        Row bad = null;

        sent.remove().succeed();
        assertThat(before).isCompletedWithValue(WriteResult.written());
        int requests = 0;
        while (!sent.isEmpty()) {
            Sent request = sent.remove();
            requests++;
            // The second row of the third batch.
            bad = bad == null ? request.rows().get(7) : bad;
            if (request.rows().contains(bad)) {
                request.fail(refusal);
            } else {
                request.succeed();
            }
        }

        for (int i = 0; i < 5; i++) {
            assertThat(results.get(i)).isCompletedWithValue(WriteResult.failed(i == 2 ? Map.of(1, refusal) : Map.of()));
        }
        assertThat(requests).as("15 rows halved until one is left").isBetween(7, 9);
    }

    @Test
    void shouldTryTheHalvesOfWhatWasRefusedBeforeWhatCameLater() {
        RowWindow window = windowOf(1);
        List<CompletableFuture<WriteResult>> results = new ArrayList<>();
        results.add(submit(window, 7));
        results.add(submit(window, 1, 1, 1, 1));
        results.add(submit(window, 2));
        sent.remove().succeed();
        assertThat(indexes(sent.element().rows())).containsExactly(0, 1, 2, 3);
        results.add(submit(window, 1));

        sent.remove().fail(new IllegalStateException("refused"));

        List<List<Integer>> order = new ArrayList<>();
        while (!sent.isEmpty()) {
            Sent request = sent.remove();
            order.add(indexes(request.rows()));
            request.succeed();
        }
        assertThat(order).containsExactly(List.of(0, 1), List.of(2, 3), List.of(0), List.of(0));
        assertThat(results).allMatch(result -> failures(result).isEmpty());
    }

    @Test
    void shouldFailAllRowsOfARequestUnhalvedWhenTheClusterIsUnavailable() {
        UnavailableException timeout = new UnavailableException("timeout");
        RowWindow window = windowOf(2);
        CompletableFuture<WriteResult> before = submit(window, 7, 8);
        CompletableFuture<WriteResult> one = submit(window, 1, 2);
        CompletableFuture<WriteResult> other = submit(window, 1);

        sent.remove().succeed();
        sent.remove().succeed();
        sent.remove().fail(timeout);
        sent.remove().succeed();

        assertThat(before).isCompletedWithValue(WriteResult.written());
        assertThat(one).isCompletedWithValue(WriteResult.failed(Map.of(0, timeout)));
        assertThat(other).isCompletedWithValue(WriteResult.failed(Map.of(0, timeout)));
        assertThat(sent).isEmpty();
        assertThat(window.inFlight()).isZero();
    }

    @Test
    void shouldFailWhatWaitsWhenAWholeWindowFoundTheClusterUnavailable() {
        RowWindow window = windowOf(2);
        List<CompletableFuture<WriteResult>> results = IntStream.range(0, 10)
                .mapToObj(partition -> submit(window, partition))
                .toList();
        UnavailableException timeout = new UnavailableException("timeout");

        sent.remove().fail(timeout);
        assertThat(results).filteredOn(CompletableFuture::isDone).hasSize(1);
        sent.remove().fail(timeout);

        // Two have failed, the third had taken the place of the first, and the rest need not be tried.
        assertThat(results)
                .filteredOn(CompletableFuture::isDone)
                .hasSize(9)
                .allMatch(result -> failures(result).equals(Map.of(0, timeout)));
        assertThat(window.inFlight()).isEqualTo(1);
        sent.remove().succeed();
        assertThat(results.get(2)).isCompletedWithValue(WriteResult.written());
    }

    @Test
    void shouldSendMoreWithEachRoundOfAnswersAndFewerOnceTheClusterIsOverloaded() {
        RowWindow window = windowOf(32);
        CompletableFuture<WriteResult> result = submitEachToItsOwn(window, 200);
        assertThat(sent).hasSize(8);

        IntStream.range(0, 8).forEach(i -> sent.remove().succeed());
        assertThat(sent).hasSize(16);
        IntStream.range(0, 16).forEach(i -> sent.remove().succeed());
        assertThat(sent).hasSize(32);
        sent.remove().fail(new UnavailableException("overloaded", new BusyConnectionException(1)));
        IntStream.range(0, 31).forEach(i -> sent.remove().succeed());

        assertThat(sent).hasSize(16);
        assertThat(window.inFlight()).isEqualTo(16);
        assertThat(result).isNotDone();
    }

    @Test
    void shouldKeepSendingWhenOnlySomeFindTheClusterUnavailable() {
        RowWindow window = windowOf(2);
        CompletableFuture<WriteResult> result = submitEachToItsOwn(window, 9);

        for (int i = 0; i < 9; i++) {
            if (i % 2 == 0) {
                sent.remove().fail(new UnavailableException("timeout"));
            } else {
                sent.remove().succeed();
            }
        }

        assertThat(failures(result)).containsOnlyKeys(0, 2, 4, 6, 8);
        assertThat(window.inFlight()).isZero();
    }

    @Test
    void shouldReleaseWhenTheSenderThrows() {
        IllegalStateException broken = new IllegalStateException("closed");
        RowWindow window = window(1, rows -> {
            throw broken;
        });

        CompletableFuture<WriteResult> apart = submitEachToItsOwn(window, 10_000);
        CompletableFuture<WriteResult> together = submit(window, new int[10_000]);

        for (CompletableFuture<WriteResult> result : List.of(apart, together)) {
            assertThat(failures(result)).hasSize(10_000);
            assertThat(Set.copyOf(failures(result).values())).containsExactly(broken);
        }
        assertThat(window.inFlight()).isZero();
    }

    @Test
    void shouldNotNestCallsWhenAnswersComeAtOnce() {
        CompletableFuture<Object> slow = new CompletableFuture<>();
        RowWindow window =
                window(1, rows -> partition(rows.get(0)) == 0 ? slow : CompletableFuture.completedFuture("done"));
        CompletableFuture<WriteResult> result = submitEachToItsOwn(window, 20_000);
        assertThat(result).isNotDone();

        slow.complete("done");

        assertThat(result).isCompletedWithValue(WriteResult.written());
        assertThat(window.inFlight()).isZero();
    }

    @RepeatedTest(20)
    void shouldWriteEachPartitionInOrderWhateverIsAnsweredWhenAndRefused(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        RowWindow window = windowOf(1);
        Map<Integer, List<Integer>> expected = new HashMap<>();
        Map<Integer, List<Integer>> written = new HashMap<>();
        List<Row> refused = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int partition = random.nextInt(10);
            Row row = row(new PendingWrite(1), i, partition, 1 + random.nextInt(20));
            if (random.nextInt(20) == 0) {
                refused.add(row);
            } else {
                expected.computeIfAbsent(partition, none -> new ArrayList<>()).add(i);
            }
            window.submit(List.of(row));
            if (random.nextInt(4) == 0) {
                answerOne(refused, written);
            }
        }
        while (!sent.isEmpty()) {
            answerOne(refused, written);
        }

        assertThat(written).isEqualTo(expected);
    }

    private void answerOne(List<Row> refused, Map<Integer, List<Integer>> written) {
        Sent request = sent.remove();
        if (request.rows().stream().anyMatch(refused::contains)) {
            request.fail(new IllegalStateException("refused"));
        } else {
            written.computeIfAbsent(partition(request.rows().get(0)), none -> new ArrayList<>())
                    .addAll(indexes(request.rows()));
            request.succeed();
        }
    }
}
