package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Waits for what a connector answers; long enough for a slow machine, and never for ever. */
final class Answers {

    static final int PATIENCE_MINUTES = 5;

    private static final long BACK_OFF_NANOS = 20_000_000;

    private Answers() {}

    /** The answer; a failed one is thrown as what it failed with, as the engine sees it. */
    static <T> T await(CompletionStage<T> answer) throws Exception {
        assertNotNull(answer, "the answer");
        try {
            return answer.toCompletableFuture().get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        } catch (TimeoutException never) {
            throw new AssertionError("no answer came within " + PATIENCE_MINUTES + " minutes", never);
        }
    }

    /** What a call answers that is made by a thread that is interrupted, and must stay so. */
    static <T> CompletionStage<T> askedWhileInterrupted(Callable<CompletionStage<T>> call) throws Exception {
        Thread.currentThread().interrupt();
        try {
            return call.call();
        } finally {
            assertTrue(Thread.interrupted(), "no longer interrupted");
        }
    }

    /** As the engine does, which asks again where that is unavailable for now. */
    static <T> T awaitAvailable(Callable<? extends CompletionStage<T>> call) throws Exception {
        long start = System.nanoTime();
        while (true) {
            try {
                return await(call.call());
            } catch (UnavailableException forNow) {
                if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES)) {
                    throw forNow;
                }
            }
            LockSupport.parkNanos(BACK_OFF_NANOS);
        }
    }

    /** The same of what has been asked already. */
    static <T> T awaitAvailable(CompletionStage<T> first, Callable<? extends CompletionStage<T>> again)
            throws Exception {
        try {
            return await(first);
        } catch (UnavailableException forNow) {
            return awaitAvailable(again);
        }
    }

    /** Whether it succeeds, fails or is refused: an answer comes. */
    static void assertAnswered(Callable<? extends CompletionStage<?>> call) {
        try {
            await(call.call());
        } catch (Exception failed) {
            // That is an answer, too.
        }
    }

    /** How often each is there. */
    static <T> Map<T, Long> counted(Collection<? extends T> values) {
        return values.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
