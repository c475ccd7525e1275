package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real threads: a loop that sleeps is woken by whatever comes, and what is lost on them is told. */
class ThreadedEnvironmentTest {

    private static final int PRODUCERS = 4;
    private static final int EACH = 20_000;
    private static final int PAIRS = 20_000;
    private static final int MOST_SPINS = 20_000;

    private final ThreadedEnvironment environment = new ThreadedEnvironment("test");

    @AfterEach
    void close() {
        environment.close();
    }

    /** One wake-up lost would leave what is in the mailbox there for ever, since the loop waits for nothing else. */
    @Test
    void shouldNeverMissAWakeUp() throws InterruptedException {
        Queue<Integer> mailbox = new ConcurrentLinkedQueue<>();
        AtomicInteger taken = new AtomicInteger();
        Environment.Loop loop = environment.loop(
                "loop",
                () -> {
                    while (mailbox.poll() != null) {
                        taken.incrementAndGet();
                    }
                    return taken.get() == PRODUCERS * EACH ? Environment.Cycle.ENDED : Environment.Cycle.WHEN_WOKEN;
                },
                true);
        loop.start();
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            Thread producer = new Thread(() -> {
                for (int sent = 0; sent < EACH; sent++) {
                    mailbox.add(sent);
                    loop.wake();
                    // Now and then so slow that the loop has gone to sleep.
                    if (sent % 64 == 0) {
                        int before = taken.get();
                        Await.until("it is taken", () -> mailbox.isEmpty() || taken.get() > before);
                    }
                }
            });
            producers.add(producer);
            producer.start();
        }
        for (Thread producer : producers) {
            producer.join();
        }

        Await.until("the loop has taken all and ended", loop::hasEnded);
        assertThat(taken).hasValue(PRODUCERS * EACH);
    }

    /** Whether it comes before the loop rests or while it does. */
    @Test
    void shouldEndARestWhenItIsWoken() throws InterruptedException {
        for (int i = 0; i < PAIRS / 100; i++) {
            CountDownLatch isBusy = new CountDownLatch(1);
            AtomicReference<Environment.Loop> self = new AtomicReference<>();
            Environment.Loop loop = environment.loop(
                    "loop",
                    () -> {
                        isBusy.countDown();
                        self.get().rest(Long.MAX_VALUE);
                        return Environment.Cycle.ENDED;
                    },
                    true);
            self.set(loop);
            loop.start();
            isBusy.await();

            loop.wake();

            Await.until("the loop has ended", loop::hasEnded);
        }
    }

    /** The second of each pair comes at about the time that the loop goes back to sleep, and no third would help. */
    @Test
    void shouldNeverMissAWakeUpThatComesAsItGoesToSleep() {
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        Environment.Loop loop = environment.loop(
                "loop",
                () -> {
                    seen.set(sent.get());
                    return seen.get() == 2 * PAIRS ? Environment.Cycle.ENDED : Environment.Cycle.WHEN_WOKEN;
                },
                true);
        loop.start();
        for (int pair = 1; pair <= PAIRS; pair++) {
            int first = 2 * pair - 1;
            sent.set(first);
            loop.wake();
            // Not awaited by a sleep: the loop would be asleep by then.
            for (int spin = 0; spin < MOST_SPINS && seen.get() < first; spin++) {
                Thread.onSpinWait();
            }
            sent.set(first + 1);
            loop.wake();
            Await.until("the second is seen", () -> seen.get() == first + 1);
        }
    }

    @Test
    void shouldTellWhatATaskThrows() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        environment.supervise(told::set);
        AssertionError lost = new AssertionError("lost");

        environment.blocking().execute(() -> {
            throw lost;
        });

        Await.until("it is told", () -> told.get() != null);
        assertThat(told).hasValue(lost);
    }

    @Test
    void shouldKeepTheJvmWithLoopsThatAreNoDaemonsOnly() {
        AtomicReference<Boolean> isDaemon = new AtomicReference<>();
        for (boolean asked : List.of(true, false)) {
            isDaemon.set(null);
            environment
                    .loop(
                            "loop",
                            () -> {
                                isDaemon.set(Thread.currentThread().isDaemon());
                                return Environment.Cycle.ENDED;
                            },
                            asked)
                    .start();
            Await.until("it has run", () -> isDaemon.get() != null);
            assertThat(isDaemon.get()).isEqualTo(asked);
        }
    }
}
