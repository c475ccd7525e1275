package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Threads that submit batches, and a server of other threads that throws, refuses and answers, at once or later. */
class RowWindowRaceTest {

    private static final int THREADS = 4;
    private static final int BATCHES = 100;
    private static final int MOST_ROWS = 40;
    private static final int PARTITIONS = 30;
    private static final int PATIENCE_MINUTES = 5;

    private final ExecutorService server = Executors.newFixedThreadPool(3);
    private final Set<Row> stored = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();

    @RepeatedTest(20)
    void shouldTellEachBatchWhatBecameOfItsRowsAndNeverExceedTheLimit(RepetitionInfo repetition) throws Exception {
        int seed = repetition.getCurrentRepetition();
        int limit = 1 + new Random(seed).nextInt(40);
        RowWindow window = new RowWindow(
                limit, 200, partition -> partition.getInt(0) % 3, rows -> answer(rows, seed), Function.identity());
        try {
            List<Thread> callers = new ArrayList<>();
            List<CompletableFuture<WriteResult>> results = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                List<List<Row>> batches = batches(new Random(seed * 31L + t), results);
                callers.add(new Thread(() -> batches.forEach(window::submit)));
            }
            callers.forEach(Thread::start);

            CompletableFuture.allOf(results.toArray(new CompletableFuture<?>[0]))
                    .get(PATIENCE_MINUTES, TimeUnit.MINUTES);
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(mistakes).as("seed %d", seed).isEmpty();
            assertThat(most.get()).isLessThanOrEqualTo(limit);
            assertThat(window.inFlight()).isZero();
        } finally {
            server.shutdownNow();
        }
    }

    /** Their results, too, which fail where a batch is answered before all of its rows are. */
    private List<List<Row>> batches(Random random, List<CompletableFuture<WriteResult>> results) {
        List<List<Row>> batches = new ArrayList<>();
        for (int b = 0; b < BATCHES; b++) {
            int count = 1 + random.nextInt(MOST_ROWS);
            PendingWrite write = new PendingWrite(count);
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rows.add(TestRows.row(write, i, random.nextInt(PARTITIONS), 1 + random.nextInt(50)));
            }
            batches.add(rows);
            results.add(write.result().toCompletableFuture().whenComplete((result, failure) -> check(rows, result)));
        }
        return batches;
    }

    private void check(List<Row> rows, WriteResult result) {
        for (Row row : rows) {
            boolean isFailed = result.failures().containsKey(row.index());
            if (isFailed == stored.contains(row)) {
                mistakes.add((isFailed ? "reported as failed, but stored: " : "reported as written, but not stored: ")
                        + row.index());
            }
        }
    }

    private CompletionStage<?> answer(List<Row> rows, int seed) {
        Random random = new Random(seed * 1_000_003L + rows.get(0).index() * 31L + rows.size());
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        RuntimeException failure =
                random.nextBoolean() ? new UnavailableException("busy") : new IllegalStateException("broken");
        boolean fails = random.nextInt(4) == 0;
        CompletableFuture<Object> answer = new CompletableFuture<>();
        Runnable reply = () -> {
            if (fails) {
                open.decrementAndGet();
                answer.completeExceptionally(failure);
            } else {
                for (Row row : rows) {
                    if (!stored.add(row)) {
                        mistakes.add("sent again after it was stored: " + row.index());
                    }
                }
                open.decrementAndGet();
                answer.complete("done");
            }
        };
        switch (random.nextInt(4)) {
            case 0 -> {
                if (fails) {
                    open.decrementAndGet();
                    throw failure;
                }
                reply.run();
            }
            case 1 -> reply.run();
            default -> server.execute(reply);
        }
        return answer;
    }
}
