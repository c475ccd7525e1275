package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.spi.UnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RequestWindowTest {

    private final Deque<CompletableFuture<Integer>> sent = new ArrayDeque<>();
    private final List<Object> answers = new ArrayList<>();

    private RequestWindow<Integer, Integer> windowOf(int limit) {
        return new RequestWindow<>(
                limit,
                request -> {
                    CompletableFuture<Integer> answer = new CompletableFuture<>();
                    sent.add(answer);
                    return answer;
                },
                Function.identity());
    }

    private void submit(RequestWindow<Integer, Integer> window, int request) {
        window.submit(request, (answer, failure) -> answers.add(failure == null ? answer : failure));
    }

    @Test
    void shouldSendTheNextWhenOneIsAnswered() {
        RequestWindow<Integer, Integer> window = windowOf(2);

        for (int i = 0; i < 5; i++) {
            submit(window, i);
        }
        assertThat(sent).hasSize(2);
        sent.remove().complete(0);

        assertThat(answers).containsExactly(0);
        assertThat(sent).hasSize(2);
        assertThat(window.inFlight()).isEqualTo(2);
    }

    @Test
    void shouldReleaseWhenTheSenderThrows() {
        IllegalStateException broken = new IllegalStateException("closed");
        RequestWindow<Integer, Integer> window = new RequestWindow<>(
                1,
                request -> {
                    throw broken;
                },
                Function.identity());

        for (int i = 0; i < 100_000; i++) {
            submit(window, i);
        }

        assertThat(answers).hasSize(100_000).containsOnly(broken);
        assertThat(window.inFlight()).isZero();
    }

    @Test
    void shouldNotNestCallsWhenAnswersComeAtOnce() {
        CompletableFuture<Integer> slow = new CompletableFuture<>();
        RequestWindow<Integer, Integer> window = new RequestWindow<>(
                1, request -> request == 0 ? slow : CompletableFuture.completedFuture(request), Function.identity());
        for (int i = 0; i < 100_000; i++) {
            submit(window, i);
        }

        slow.complete(0);

        assertThat(answers).hasSize(100_000).doesNotHaveDuplicates();
        assertThat(window.inFlight()).isZero();
    }

    @Test
    void shouldFailWhatWaitsWhenAWholeWindowFoundTheClusterUnavailable() {
        RequestWindow<Integer, Integer> window = windowOf(2);
        for (int i = 0; i < 10; i++) {
            submit(window, i);
        }
        UnavailableException timeout = new UnavailableException("timeout");

        sent.remove().completeExceptionally(timeout);
        assertThat(answers).hasSize(1);
        sent.remove().completeExceptionally(timeout);

        // Two have failed, the third had taken the place of the first, and the rest need not be tried.
        assertThat(answers).hasSize(9).containsOnly(timeout);
        assertThat(window.inFlight()).isEqualTo(1);
    }

    @Test
    void shouldKeepSendingWhenOnlySomeFindTheClusterUnavailable() {
        RequestWindow<Integer, Integer> window = windowOf(2);
        for (int i = 0; i < 9; i++) {
            submit(window, i);
        }

        for (int i = 0; i < 9; i++) {
            if (i % 2 == 0) {
                sent.remove().completeExceptionally(new UnavailableException("timeout"));
            } else {
                sent.remove().complete(i);
            }
        }

        assertThat(answers).hasSize(9).filteredOn(Integer.class::isInstance).hasSize(4);
        assertThat(window.inFlight()).isZero();
    }

    @RepeatedTest(20)
    void shouldAnswerEachRequestOnceAndNeverExceedTheLimitWhenThreadsRace(RepetitionInfo repetition) throws Exception {
        int seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        int limit = 1 + random.nextInt(8);
        int threads = 4;
        int each = 2_000;
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicIntegerArray answered = new AtomicIntegerArray(threads * each);
        CountDownLatch all = new CountDownLatch(threads * each);
        ExecutorService server = Executors.newFixedThreadPool(3);
        try {
            RequestWindow<Integer, Integer> window = new RequestWindow<>(
                    limit, request -> answer(request, seed, server, open, most), Function.identity());
            List<Thread> callers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = t * each;
                callers.add(new Thread(() -> {
                    for (int i = first; i < first + each; i++) {
                        int request = i;
                        window.submit(request, (answer, failure) -> {
                            answered.incrementAndGet(request);
                            all.countDown();
                        });
                    }
                }));
            }
            callers.forEach(Thread::start);

            assertThat(all.await(30, TimeUnit.SECONDS))
                    .as("all answered, seed %d", seed)
                    .isTrue();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(most.get()).isLessThanOrEqualTo(limit);
            assertThat(window.inFlight()).isZero();
            for (int i = 0; i < answered.length(); i++) {
                assertThat(answered.get(i)).as("request %d, seed %d", i, seed).isEqualTo(1);
            }
        } finally {
            server.shutdownNow();
        }
    }

    /** Throws, fails or succeeds, at once or later, by the seed. */
    private static CompletionStage<Integer> answer(
            int request, int seed, ExecutorService server, AtomicInteger open, AtomicInteger most) {
        Random random = new Random(seed * 1_000_003L + request);
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        RuntimeException failure =
                random.nextBoolean() ? new UnavailableException("busy") : new IllegalStateException("broken");
        switch (random.nextInt(5)) {
            case 0 -> {
                open.decrementAndGet();
                throw failure;
            }
            case 1 -> {
                open.decrementAndGet();
                return CompletableFuture.failedFuture(failure);
            }
            case 2 -> {
                open.decrementAndGet();
                return CompletableFuture.completedFuture(request);
            }
            default -> {
                boolean fails = random.nextBoolean();
                CompletableFuture<Integer> answer = new CompletableFuture<>();
                server.execute(() -> {
                    open.decrementAndGet();
                    if (fails) {
                        answer.completeExceptionally(failure);
                    } else {
                        answer.complete(request);
                    }
                });
                return answer;
            }
        }
    }
}
