package dev.millrace.testkit;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What has to be done at the same time, since each part of it waits for others. */
final class AtOnce {
    private AtOnce() {}

    /**
     * Returns once all has been done.
     *
     * @throws RuntimeException of the first part that fails; the others are interrupted, and have ended by then
     * @throws ServerStartException if this thread is interrupted
     */
    static void run(List<Runnable> parts) {
        ExecutorService threads = Executors.newFixedThreadPool(parts.size());
        ExecutorCompletionService<Void> ended = new ExecutorCompletionService<>(threads);
        List<Future<Void>> all =
                parts.stream().map(part -> ended.submit(part, null)).toList();
        try {
            for (int i = 0; i < parts.size(); i++) {
                ended.take().get();
            }
        } catch (ExecutionException e) {
            threads.shutdownNow();
            all.forEach(AtOnce::awaitEnd);
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            all.forEach(AtOnce::awaitEnd);
            Thread.currentThread().interrupt();
            throw new ServerStartException("interrupted while starting servers", e);
        } finally {
            threads.shutdown();
        }
    }

    private static void awaitEnd(Future<Void> part) {
        boolean isInterrupted = false;
        while (!part.isDone()) {
            try {
                part.get();
            } catch (ExecutionException e) {
                // One failure is told, the first.
            } catch (InterruptedException e) {
                isInterrupted = true; // it has been asked to end, and will
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
